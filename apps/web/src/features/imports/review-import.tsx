import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { type FormEvent, useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { useQueryParams } from '../../lib/query-params.ts';
import { NumberField } from '../../ui/form-field.tsx';
import { readWholeNumber } from '../../ui/read-whole-number.ts';
import { FileFacts } from './file-facts.tsx';
import { StepHeading } from './import-frame.tsx';
import { type Counts, changesOf } from './import-step.ts';
import { type ReadingOptions, useApplyImport, useReadImport } from './queries.ts';
import { type ApplyRest, ReviewActions } from './review-actions.tsx';
import { ReviewNotices } from './review-notices.tsx';
import { ReviewOptions } from './review-options.tsx';
import { ReviewRows } from './review-rows.tsx';
import { toFirstPage } from './row-pages.ts';
import { ReadingProgress } from './working-import.tsx';

/** 確認: the file's changes, row by row, and the button that applies them. */
export function ReviewImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const [, change] = useQueryParams();
  const read = useReadImport(view.id);
  const apply = useApplyImport(view.id);
  // The choice is shown at once, until the view of the new reading arrives, a moment after the reply.
  const [wanted, setWanted] = useState<{ options: ReadingOptions; since: number } | null>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();
  const { counts, mode, createAccounts, dropDisplayOnly, matchUsers, planVersion, problem } = view;
  const reading = view.state === 'reading' || counts === null;

  const readWith = (options: Partial<ReadingOptions>) => {
    if (reading || read.isPending) return;
    const next = { mode, createAccounts, dropDisplayOnly, matchUsers, ...options };
    apply.reset();
    setWanted({ options: next, since: planVersion });
    read.mutate(next, {
      onError: () => setWanted(null),
      onSuccess: () => {
        setTyped('');
        setWrong(undefined);
        change({ ...toFirstPage, kind: undefined, disconnects: undefined }, { replace: true });
      },
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reading || apply.isPending) return;
    const removals = counts.removed > 0 ? (readWholeNumber(typed) ?? null) : null;
    if (counts.removed > 0 && removals !== counts.removed) {
      setWrong(words.removalsWrong(counts.removed.toLocaleString(language)));
      document.querySelector<HTMLElement>('input[name="removals"]')?.focus();
      return;
    }
    setWrong(undefined);
    apply.mutate({ planVersion, removals }, { onError: () => window.scrollTo({ top: 0 }) });
  };
  return (
    <form className="argus-sheet argus-review" onSubmit={submit} noValidate>
      <div className="argus-review__head">
        <div>
          <StepHeading>{words.reviewTitle}</StepHeading>
          <FileFacts view={view} />
        </div>
        {view.table === 'account_links' && !matchUsers ? (
          <ReviewOptions
            chosen={wanted?.since === planVersion ? wanted.options : view}
            busy={reading || read.isPending}
            fixed={!reading && !view.readable}
            onChange={readWith}
          />
        ) : null}
      </div>
      {reading ? (
        <div className="argus-review__reading">
          <ReadingProgress view={view} />
        </div>
      ) : (
        <>
          <ReviewNotices
            view={view}
            counts={counts}
            error={apply.error ?? read.error}
            busy={read.isPending}
            onReadAgain={() => readWith({})}
          />
          <ReviewRows view={view} counts={counts} />
          {counts.removed > 0 && counts.error === 0 ? (
            <div className="argus-review__removals">
              <NumberField
                name="removals"
                value={typed}
                onChange={(value) => {
                  setTyped(value);
                  setWrong(undefined);
                }}
                error={wrong ?? fieldMessages(apply.error).removals}
                label={words.removals}
                help={words.removalsHelp(String(counts.removed))}
                unit={words.unit}
                required
              />
            </div>
          ) : null}
        </>
      )}
      <ReviewActions
        view={view}
        counts={reading ? null : counts}
        applying={apply.isPending}
        rest={reading ? undefined : restOf(problem, counts)}
      />
    </form>
  );
}

/** Why the plan cannot be applied; undefined where it can. */
function restOf(problem: CsvImportView['problem'], counts: Counts | null): ApplyRest | undefined {
  if (counts === null) return undefined;
  if (problem) return problem.code === 'csv_import_outdated' ? 'outdated' : 'problem';
  if (counts.error > 0) return 'errors';
  return changesOf(counts) === 0 ? 'nothing' : undefined;
}
