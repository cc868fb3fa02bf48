import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { csvImportQuery, latestImportsQuery } from './queries.ts';
import { importPath } from './table-paths.ts';
import { type UploadProgress, uploadFile } from './upload-file.ts';

export interface Upload {
  /** The file being uploaded; null while there is none. */
  readonly running: ({ readonly file: File } & UploadProgress) | null;
  /** Why the last upload failed, and a function that uploads the same file again. */
  readonly failed: { readonly error: unknown; readonly again: () => void } | null;
  /** The last upload was stopped. */
  readonly stopped: boolean;
  readonly start: (file: File) => void;
  readonly stop: () => void;
}

/** Uploads one file at a time, and opens its page once it has arrived. Leaving the page stops it. */
export function useUpload(table: CsvTable): Upload {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const controller = useRef<AbortController>(null);
  const [running, setRunning] = useState<Upload['running']>(null);
  const [ended, setEnded] = useState<{ failed?: Upload['failed']; stopped?: true }>({});
  useEffect(() => () => controller.current?.abort(), []);

  const start = async (file: File) => {
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    const { signal } = mine;
    setEnded({});
    setRunning({ file, sent: 0, retrying: false });
    try {
      const onProgress = (progress: UploadProgress) => {
        if (!signal.aborted) setRunning({ file, ...progress });
      };
      const onCancelled = () => void queryClient.invalidateQueries(latestImportsQuery(table));
      const view = await uploadFile(file, table, { signal, onProgress, onCancelled });
      if (signal.aborted) return;
      queryClient.setQueryData(csvImportQuery(view.id).queryKey, view);
      await navigate({ href: importPath(table, view.id), replace: true, ignoreBlocker: true });
    } catch (error) {
      // Another upload or page has replaced this one.
      if (controller.current !== mine) return;
      setRunning(null);
      setEnded(signal.aborted ? { stopped: true } : { failed: { error, again: () => void start(file) } });
    }
  };
  return {
    running,
    failed: ended.failed ?? null,
    stopped: ended.stopped === true,
    start: (file) => void start(file),
    stop: () => controller.current?.abort(),
  };
}
