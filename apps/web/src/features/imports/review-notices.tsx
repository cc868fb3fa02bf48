import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { ProblemError } from '../../lib/api-client.ts';
import { download } from '../../lib/download.ts';
import { fieldMessages } from '../../lib/field-messages.ts';
import { useQueryParams } from '../../lib/query-params.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { ImportProblem } from './import-problem.tsx';
import { type Counts, changesOf } from './import-step.ts';
import { toFirstPage } from './row-pages.ts';

/** What to know before applying the plan, and why it cannot be applied. */
export function ReviewNotices(props: {
  view: CsvImportView;
  counts: Counts;
  /** Why the last step failed. */
  error: unknown;
  busy: boolean;
  onReadAgain: () => void;
}) {
  const { view, counts, error, busy, onReadAgain } = props;
  const words = useText('csv').importing;
  const language = useLanguage();
  const count = (value: number) => value.toLocaleString(language);
  const readAgain = (
    <Button variant="brand" icon="utility:refresh" busy={busy} onClick={onReadAgain}>
      {words.readAgain}
    </Button>
  );
  return (
    <div className="argus-sheet__notices">
      {view.problem ? (
        <ImportProblem problem={view.problem} actions={isOutdated(view.problem.code) ? readAgain : null} />
      ) : (
        <StepFault error={error} readAgain={readAgain} />
      )}
      {view.matchUsers ? (
        <ScopedNotification kind="info">
          <p className="argus-strong">{words.matchTitle}</p>
          <p>{words.matchText}</p>
        </ScopedNotification>
      ) : null}
      {counts.unmatched > 0 ? (
        <RowsToSave id={view.id} kind="warning" saveText={words.saveUnmatched} savedText={words.savedUnmatched}>
          <p className="argus-strong">{words.unmatchedTitle(count(counts.unmatched))}</p>
          <p>{words.unmatchedText}</p>
        </RowsToSave>
      ) : null}
      {counts.error > 0 ? (
        <RowsToSave id={view.id} kind="error" saveText={words.saveErrors} savedText={words.savedErrors}>
          <p className="argus-strong">{words.errorsTitle(count(counts.error))}</p>
          <p>{words.errorsText}</p>
        </RowsToSave>
      ) : null}
      {counts.error === 0 && counts.unmatched === 0 && changesOf(counts) === 0 ? (
        <ScopedNotification kind="success">
          <p className="argus-strong">{words.nothing}</p>
          <p>{words.nothingText}</p>
        </ScopedNotification>
      ) : null}
      {counts.removed > 0 ? (
        <ScopedNotification kind="warning">
          <p className="argus-strong">{words.removalTitle(count(counts.removed))}</p>
          <p>{words.removalText}</p>
        </ScopedNotification>
      ) : null}
      {counts.disconnected > 0 ? <Disconnections counts={counts} /> : null}
      {counts.accountsCreated > 0 ? (
        <ScopedNotification kind="info">
          <p>{words.accountsWillBeCreated(count(counts.accountsCreated))}</p>
        </ScopedNotification>
      ) : null}
    </div>
  );
}

function isOutdated(code: string): boolean {
  return code === 'csv_import_outdated';
}

/** Why it was not applied. An error of the typed number is shown next to it. */
function StepFault({ error, readAgain }: { error: unknown; readAgain: ReactNode }) {
  if (!error || 'removals' in fieldMessages(error)) return null;
  const outdated = error instanceof ProblemError && isOutdated(error.problem.code);
  return <ErrorViewOf error={error} actions={outdated ? readAgain : null} />;
}

interface RowsToSaveProps {
  readonly id: number;
  readonly kind: 'error' | 'warning';
  readonly saveText: string;
  readonly savedText: string;
  readonly children: ReactNode;
}

/** A notice of rows that are not imported, which can be saved as a file with the reasons. */
function RowsToSave({ id, kind, saveText, savedText, children }: RowsToSaveProps) {
  const toast = useToast();
  const save = useMutation({
    mutationFn: () => download(`/api/admin/csv-imports/${id}/failed-rows`),
    onSuccess: () => toast(savedText),
  });
  return (
    <>
      <ScopedNotification
        kind={kind}
        actions={
          <Button icon="utility:download" busy={save.isPending} onClick={() => save.mutate()}>
            {saveText}
          </Button>
        }
      >
        {children}
      </ScopedNotification>
      {save.error ? <ErrorViewOf error={save.error} onRetry={() => save.mutate()} retrying={save.isPending} /> : null}
    </>
  );
}

/** Authorized users who will have to authorize again, and a switch that shows only their rows. */
function Disconnections({ counts }: { counts: Counts }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const [params, change] = useQueryParams();
  const only = params.disconnects === '1';
  const show = () => {
    const kind = counts.changed > 0 && params.kind !== 'removed' ? 'changed' : 'removed';
    change({ ...toFirstPage, ...(only ? { disconnects: undefined } : { disconnects: '1', kind }) });
  };
  return (
    <ScopedNotification
      kind="warning"
      actions={
        <Button icon="utility:filterList" aria-pressed={only} onClick={show}>
          {only ? words.disconnectsAll : words.disconnectsOnly}
        </Button>
      }
    >
      <p className="argus-strong">{words.disconnects(counts.disconnected.toLocaleString(language))}</p>
      <p>{words.disconnectsText}</p>
    </ScopedNotification>
  );
}
