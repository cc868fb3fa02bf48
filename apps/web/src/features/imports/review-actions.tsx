import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useId } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CancelButton } from './cancel-button.tsx';
import { type Counts, changesOf } from './import-step.ts';

/** Why the plan of an import cannot be applied. */
export type ApplyRest = 'errors' | 'nothing' | 'outdated' | 'problem';

/** 取り消す · n件を取り込む, docked to the bottom. A disabled button says why. */
export function ReviewActions(props: {
  view: CsvImportView;
  /** null while the file is being read. */
  counts: Counts | null;
  rest: ApplyRest | undefined;
  applying: boolean;
}) {
  const { view, counts, rest, applying } = props;
  const words = useText('csv').importing;
  const language = useLanguage();
  const id = useId();
  const changes = counts ? changesOf(counts) : 0;
  return (
    <div className="argus-form-actions">
      {rest || applying ? (
        <p id={id} className="argus-form-actions__reason" role="status">
          {rest ? words.rests[rest] : words.starting}
        </p>
      ) : null}
      <CancelButton view={view} />
      <Button
        type="submit"
        variant="brand"
        busy={applying}
        disabled={counts === null || rest !== undefined}
        aria-describedby={rest ? id : undefined}
      >
        {changes > 0 && !rest ? words.apply(changes.toLocaleString(language)) : words.applyNone}
      </Button>
    </div>
  );
}
