import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import '../../styles/admin-sheet.css';
import '../../styles/admin-forms.css';
import '../../styles/csv.css';
import { type ImportStep, importSteps } from './import-step.ts';
import { importPages, tablePaths } from './table-paths.ts';

/** The frame of every step of an import: the page's header, and the path with the current step. */
export function ImportFrame(props: { table: CsvTable; step: ImportStep; children: ReactNode }) {
  const { table, step, children } = props;
  const { importing: words, tables } = useText('csv');
  const { back } = useText('controls');
  return (
    <>
      <PageHeader
        title={words.title(tables[table])}
        icon={importPages[table].icon}
        note={<AppLink to={tablePaths[table]}>{back(tables[table])}</AppLink>}
      />
      <ImportPath step={step} />
      {children}
    </>
  );
}

/** ファイル → 確認 → 取込 → 完了 */
function ImportPath({ step }: { step: ImportStep }) {
  const words = useText('csv').importing;
  const current = importSteps.indexOf(step);
  return (
    <nav aria-label={words.path}>
      <ol className="argus-path">
        {importSteps.map((each, index) => {
          const done = index < current;
          return (
            <li
              key={each}
              className="argus-path__step"
              data-state={done ? 'done' : index === current ? 'current' : 'ahead'}
              aria-current={index === current ? 'step' : undefined}
            >
              {done ? (
                <>
                  <Icon name="utility:check" size="xx-small" tone="current" />
                  <span className="slds-assistive-text">{words.stepDone}</span>
                </>
              ) : null}
              <span className="argus-path__name">{words.steps[each]}</span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** The content of one step. When `phase` changes, the focus moves to its new heading. */
export function StepBody({ phase, children }: { phase: string; children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null);
  const seen = useRef(phase);
  useEffect(() => {
    if (seen.current === phase) return;
    seen.current = phase;
    window.scrollTo({ top: 0 });
    body.current?.querySelector<HTMLElement>('h2[tabindex]')?.focus({ preventScroll: true });
  }, [phase]);
  return (
    <div ref={body} className="argus-step">
      {children}
    </div>
  );
}

/** The heading of a step. It gets the focus when the step starts. */
export function StepHeading({ children }: { children: ReactNode }) {
  return (
    <h2 className="argus-step__title" tabIndex={-1}>
      {children}
    </h2>
  );
}
