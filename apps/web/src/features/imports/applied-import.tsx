import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { FileFacts } from './file-facts.tsx';
import { StepHeading } from './import-frame.tsx';
import { ImportProblem } from './import-problem.tsx';
import { changesOf, rowKinds } from './import-step.ts';
import { importPath, tablePaths } from './table-paths.ts';
import { UndoConflicts } from './undo-conflicts.tsx';
import { UndoImport, UndoRest } from './undo-import.tsx';

/** What was done, and the undo; or what blocks it. */
export function AppliedImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const [undoing, setUndoing] = useState(false);
  const { counts, table, problem } = view;
  const changes = counts ? changesOf(counts) : view.progress.rowsTotal;
  return (
    <>
      {problem ? <UndoRefused view={view} problem={problem} /> : null}
      <section className="argus-sheet argus-sheet_padded">
        <StepHeading>{words.appliedTitle}</StepHeading>
        <ScopedNotification kind="success">
          <p>{words.appliedText(changes.toLocaleString(language))}</p>
        </ScopedNotification>
        <FileFacts view={view} />
        <Done view={view} />
        {counts && counts.accountsCreated > 0 ? (
          <ScopedNotification
            kind="info"
            actions={
              <AppLink to={`${tablePaths.users}?todo=no_password`} className="slds-button slds-button_neutral">
                {words.toInvitations}
              </AppLink>
            }
          >
            <p>{words.accountsCreatedText}</p>
          </ScopedNotification>
        ) : null}
        <p className="argus-step__actions">
          <AppLink to={tablePaths[table]} className="slds-button slds-button_brand">
            {words.show[table]}
          </AppLink>
          <AppLink to={importPath(table)} className="slds-button slds-button_neutral">
            {words.next}
          </AppLink>
          <Button icon="utility:undo" onClick={() => setUndoing(true)}>
            {words.undo}
          </Button>
        </p>
      </section>
      {undoing ? <UndoImport view={view} onClose={() => setUndoing(false)} /> : null}
    </>
  );
}

function Done({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { counts, actorUsername, appliedAt } = view;
  const count = (value: number) => value.toLocaleString(language);
  return (
    <dl className="argus-facts">
      {counts
        ? rowKinds
            .filter((kind) => counts[kind] > 0)
            .map((kind) => <Fact key={kind} name={words.kinds[kind]} value={words.rows(count(counts[kind]))} />)
        : null}
      {counts && counts.accountsCreated > 0 ? (
        <Fact name={words.accountsCreated} value={words.people(count(counts.accountsCreated))} />
      ) : null}
      {counts && counts.disconnected > 0 ? (
        <Fact name={words.disconnected} value={words.people(count(counts.disconnected))} />
      ) : null}
      <dt>{words.actor}</dt>
      <dd>
        <DataText text={actorUsername} />
      </dd>
      {appliedAt ? (
        <>
          <dt>{words.at}</dt>
          <dd>
            <ExactTime at={appliedAt} />
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function UndoRefused(props: { view: CsvImportView; problem: NonNullable<CsvImportView['problem']> }) {
  const { view, problem } = props;
  const words = useText('csv').importing;
  const [undoing, setUndoing] = useState(false);
  const { counts, conflictsTotal } = view;
  const rest = (counts ? changesOf(counts) : view.progress.rowsTotal) - conflictsTotal;
  return (
    <section className="argus-sheet">
      <div className="argus-sheet__notices">
        <ImportProblem
          problem={problem}
          actions={
            conflictsTotal > 0 && rest > 0 ? (
              <Button icon="utility:undo" onClick={() => setUndoing(true)}>
                {words.undoRest}
              </Button>
            ) : null
          }
        />
      </div>
      <UndoConflicts view={view} title={words.conflicts} />
      {undoing ? <UndoRest view={view} rest={rest} onClose={() => setUndoing(false)} /> : null}
    </section>
  );
}
