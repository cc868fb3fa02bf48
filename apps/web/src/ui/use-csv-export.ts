import type { CsvCheck } from '@argus/contract/endpoints/imports/csv-exports';
import { useEffect, useEffectEvent, useState } from 'react';
import { type DownloadProgress, download } from '../lib/download.ts';
import { type CsvChoice, type CsvSource, csvAddress, findMissingCharacters } from './csv-source.ts';

/** The state of an export. */
export type CsvExportState =
  | { readonly kind: 'checking'; readonly checked: number; readonly total: number }
  | { readonly kind: 'missing'; readonly missing: CsvCheck['missing']; readonly more: boolean }
  | ({ readonly kind: 'receiving' } & DownloadProgress)
  | { readonly kind: 'failed'; readonly error: unknown };

const beginning = ({ encoding }: CsvChoice): CsvExportState =>
  encoding === 'cp932'
    ? { kind: 'checking', checked: 0, total: 0 }
    : { kind: 'receiving', received: 0, total: undefined };

/**
 * Exports while mounted: checks for characters that CP932 lacks before downloading.
 * @param onDone called when the browser has the file
 * @returns the state, and a function that exports again, optionally in another encoding
 */
export function useCsvExport(source: CsvSource, first: CsvChoice, onDone: () => void) {
  // Each object is one run.
  const [choice, setChoice] = useState(first);
  const [state, setState] = useState<CsvExportState>(() => beginning(first));
  const run = useEffectEvent(async (signal: AbortSignal) => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const tell = (next: CsvExportState) => {
      if (!signal.aborted) setState(next);
    };
    try {
      if (choice.encoding === 'cp932') {
        const found = await findMissingCharacters(source, choice.form, signal, (checked, total) =>
          tell({ kind: 'checking', checked, total }),
        );
        if (found.missing.length > 0) return tell({ kind: 'missing', ...found });
      }
      tell({ kind: 'receiving', received: 0, total: undefined });
      const onProgress = (progress: DownloadProgress) => tell({ kind: 'receiving', ...progress });
      await download(csvAddress(source, choice, timeZone), { signal, onProgress });
      if (!signal.aborted) onDone();
    } catch (error) {
      tell({ kind: 'failed', error });
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is another run
  useEffect(() => {
    const controller = new AbortController();
    void run(controller.signal);
    return () => controller.abort();
  }, [choice]);
  const again = (encoding = choice.encoding) => {
    const next = { ...choice, encoding };
    setState(beginning(next));
    setChoice(next);
  };
  return { state, again };
}
