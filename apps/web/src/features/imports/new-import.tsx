import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { UnreachableError } from '../../lib/api-client.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { LeaveGuard } from '../../ui/leave-guard.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { DropZone } from './drop-zone.tsx';
import type { Dropped } from './dropped-file.ts';
import { FileForm } from './file-form.tsx';
import { ImportFrame, StepBody, StepHeading } from './import-frame.tsx';
import { LatestImports } from './latest-imports.tsx';
import { UnreadableFileError } from './upload-file.ts';
import { type Upload, useUpload } from './use-upload.ts';

/** ファイル: choosing and uploading a file. */
export function NewImport({ table }: { table: CsvTable }) {
  const words = useText('csv').importing;
  const upload = useUpload(table);
  const [refused, setRefused] = useState<Exclude<Dropped, { kind: 'file' }> | null>(null);
  const take = (dropped: Dropped) => {
    setRefused(dropped.kind === 'file' ? null : dropped);
    if (dropped.kind === 'file') upload.start(dropped.file);
  };
  return (
    <ImportFrame table={table} step="file">
      <LeaveGuard
        active={upload.running !== null}
        title={words.leaveTitle}
        text={words.leaveText}
        leave={words.leave}
      />
      <StepBody phase={upload.running ? 'sending' : 'choosing'}>
        <section className="argus-sheet argus-sheet_padded">
          <StepHeading>{upload.running ? words.sendTitle : words.fileTitle}</StepHeading>
          <Refused dropped={refused} upload={upload} />
          {upload.running ? (
            <Sending running={upload.running} onStop={upload.stop} />
          ) : (
            <div className="argus-choose">
              <DropZone onDrop={take} />
              <FileForm table={table} />
            </div>
          )}
        </section>
      </StepBody>
      <LatestImports table={table} />
    </ImportFrame>
  );
}

/** Why nothing is uploaded, although somebody chose a file. */
function Refused({ dropped, upload }: { dropped: Exclude<Dropped, { kind: 'file' }> | null; upload: Upload }) {
  const words = useText('csv').importing;
  const { failed } = upload;
  if (dropped || failed?.error instanceof UnreadableFileError) {
    const text =
      dropped === null
        ? words.faults.unreadable
        : dropped.kind === 'several'
          ? words.faults.several(dropped.count)
          : words.faults[dropped.kind];
    return (
      <ScopedNotification kind="error">
        <p>{text}</p>
      </ScopedNotification>
    );
  }
  if (failed) {
    return (
      <div className="argus-step__fault">
        <ErrorViewOf
          error={failed.error}
          {...(failed.error instanceof UnreachableError ? { onRetry: failed.again, retryLabel: words.sendAgain } : {})}
        />
      </div>
    );
  }
  if (!upload.stopped) return null;
  return (
    <ScopedNotification kind="info">
      <p>{words.stopped}</p>
    </ScopedNotification>
  );
}

function Sending({ running, onStop }: { running: NonNullable<Upload['running']>; onStop: () => void }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { file, sent, retrying } = running;
  return (
    <>
      <ProgressBar
        label={words.uploading(file.name)}
        done={sent}
        total={file.size}
        detail={retrying ? words.retrying : words.sent(formatBytes(sent, language), formatBytes(file.size, language))}
      />
      <p className="argus-step__actions">
        <Button onClick={onStop}>{words.stop}</Button>
      </p>
    </>
  );
}
