import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatBytes } from '../../lib/format-bytes.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { CancelButton } from './cancel-button.tsx';
import { StepHeading } from './import-frame.tsx';
import { importPath } from './table-paths.ts';

/** The file is still being uploaded from another tab or machine, or its upload broke off. */
export function ReceivingFile({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.receivingTitle}</StepHeading>
      <p>{words.receivingText}</p>
      <p className="argus-step__actions">
        <CancelButton view={view} />
        <AppLink to={importPath(view.table)} className="slds-button slds-button_neutral">
          {words.another}
        </AppLink>
      </p>
    </section>
  );
}

export function ReadingFile({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{words.readingTitle}</StepHeading>
      <ReadingProgress view={view} />
      <p className="argus-quiet">{words.workGoesOn}</p>
      <p className="argus-step__actions">
        <CancelButton view={view} />
      </p>
    </section>
  );
}

export function ReadingProgress({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { bytesRead, rowsRead } = view.progress;
  const rows = rowsRead.toLocaleString(language);
  const left = view.fileBytes - bytesRead;
  // The whole file has been read; its changes are computed in one go.
  if (left <= 0) return <ProgressBar label={words.comparing} done={0} total={null} detail={words.rowsRead(rows)} />;
  return (
    <ProgressBar
      label={words.reading(view.fileName)}
      done={bytesRead}
      total={view.fileBytes}
      detail={words.readingRows(rows, formatBytes(left, language))}
    />
  );
}

/** The plan is being executed or undone. */
export function ApplyingImport({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const { rowsDone, rowsTotal } = view.progress;
  const count = (value: number) => value.toLocaleString(language);
  const undoing = view.state === 'undoing';
  // When written in one go, rows are only reported once all of them are done.
  const known = rowsDone > 0 && rowsDone < rowsTotal;
  return (
    <section className="argus-sheet argus-sheet_padded">
      <StepHeading>{undoing ? words.undoingTitle : words.applyingTitle}</StepHeading>
      <ProgressBar
        label={undoing ? words.undoing(view.fileName) : words.applying(view.fileName)}
        done={rowsDone}
        total={known ? rowsTotal : null}
        detail={
          known
            ? words.rowsDone(count(rowsTotal), count(rowsDone), count(rowsTotal - rowsDone))
            : words.rowsTotal(count(rowsTotal))
        }
      />
      <p className="argus-quiet">{words.workGoesOn}</p>
    </section>
  );
}
