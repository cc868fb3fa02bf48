import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { type ReactNode, useMemo } from 'react';
import { fromProblem } from '../../lib/shown-problem.ts';
import { ErrorView } from '../../ui/error-view.tsx';

/** The stored problem of an import, in the shared error view. */
export function ImportProblem(props: {
  problem: NonNullable<CsvImportView['problem']>;
  facts?: ReactNode;
  actions?: ReactNode;
}) {
  const { problem, ...rest } = props;
  const shown = useMemo(() => fromProblem(problem, Date.parse(problem.occurredAt)), [problem]);
  return (
    <div className="argus-step__fault">
      <ErrorView problem={shown} {...rest} />
    </div>
  );
}
