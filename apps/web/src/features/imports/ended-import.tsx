import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { FileFacts } from './file-facts.tsx';
import { StepHeading } from './import-frame.tsx';
import { ImportProblem } from './import-problem.tsx';
import { changesOf } from './import-step.ts';
import { useReadImport } from './queries.ts';
import { importPath, tablePaths } from './table-paths.ts';
import { UndoConflicts } from './undo-conflicts.tsx';

export function UndoneImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { table, counts, conflictsTotal } = view;
  const undone = (counts ? changesOf(counts) : view.progress.rowsTotal) - conflictsTotal;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.undoneTitle}</StepHeading>
      <ScopedNotification kind="success">
        <p>{words.undoneText(undone.toLocaleString(language))}</p>
      </ScopedNotification>
      {conflictsTotal > 0 ? (
        <ScopedNotification kind="warning">
          <p>{words.keptText(conflictsTotal.toLocaleString(language))}</p>
        </ScopedNotification>
      ) : null}
      <FileFacts view={view} />
      <p className="argus-step__actions">
        <AppLink to={tablePaths[table]} className="slds-button slds-button_brand">
          {words.show[table]}
        </AppLink>
        <AppLink to={importPath(table)} className="slds-button slds-button_neutral">
          {words.next}
        </AppLink>
      </p>
      <UndoConflicts view={view} title={words.kept} />
    </section>
  );
}

/** The work was interrupted. It is all or nothing, so nothing was changed. */
export function FailedImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const read = useReadImport(view.id);
  const { problem, readable, mode, createAccounts, dropDisplayOnly, matchUsers, table } = view;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.failedTitle}</StepHeading>
      <FileFacts view={view} />
      {read.error ? <ErrorViewOf error={read.error} /> : null}
      {problem ? <ImportProblem problem={problem} /> : null}
      <p className="argus-step__actions">
        {readable ? (
          <Button
            variant="brand"
            busy={read.isPending}
            onClick={() => read.mutate({ mode, createAccounts, dropDisplayOnly, matchUsers })}
          >
            {words.loadAgain}
          </Button>
        ) : null}
        <AppLink
          to={importPath(table)}
          className={readable ? 'slds-button slds-button_neutral' : 'slds-button slds-button_brand'}
        >
          {words.another}
        </AppLink>
      </p>
    </section>
  );
}

export function CancelledImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.cancelledTitle}</StepHeading>
      <FileFacts view={view} />
      <p>{words.cancelledText}</p>
      <p className="argus-step__actions">
        <AppLink to={importPath(view.table)} className="slds-button slds-button_brand">
          {words.another}
        </AppLink>
      </p>
    </section>
  );
}
