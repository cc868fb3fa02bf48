import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useText } from '../../i18n/text-context.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { FileFacts } from './file-facts.tsx';
import { StepHeading } from './import-frame.tsx';
import { ImportProblem } from './import-problem.tsx';
import { useReadImport } from './queries.ts';
import { importPath } from './table-paths.ts';

const repairs = {
  drop_display_only: { label: 'dropNames', options: { dropDisplayOnly: true } },
  match_users: { label: 'matchUsers', options: { matchUsers: true, mode: 'merge', createAccounts: false } },
  none: undefined,
} as const;

/** Row C1: why the file is unreadable, and what fixes it. */
export function RefusedFile({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const read = useReadImport(view.id);
  const { problem, refusal, mode, createAccounts } = view;
  const repair = view.readable ? repairs[refusal?.repair ?? 'none'] : undefined;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.refusedTitle}</StepHeading>
      <FileFacts view={view} />
      {read.error ? <ErrorViewOf error={read.error} /> : null}
      {problem ? (
        <ImportProblem
          problem={problem}
          facts={
            refusal ? (
              <p className="argus-refusal" dir="auto">
                <span className="argus-refusal__label">{words.reason}</span>
                {refusal.message}
              </p>
            ) : null
          }
          actions={
            <>
              {repair ? (
                <Button
                  variant="brand"
                  busy={read.isPending}
                  onClick={() => read.mutate({ mode, createAccounts, dropDisplayOnly: false, ...repair.options })}
                >
                  {words[repair.label]}
                </Button>
              ) : null}
              <AppLink
                to={importPath(view.table)}
                className={repair ? 'slds-button slds-button_neutral' : 'slds-button slds-button_brand'}
              >
                {words.another}
              </AppLink>
            </>
          }
        />
      ) : null}
    </section>
  );
}
