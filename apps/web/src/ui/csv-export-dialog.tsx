import type { CsvCheck } from '@argus/contract/endpoints/imports/csv-exports';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { ProblemError } from '../lib/api-client.ts';
import { formatBytes } from '../lib/format-bytes.ts';
import { useDelayed } from '../lib/use-delayed.ts';
import { Button } from './button.tsx';
import type { CsvChoice, CsvSource } from './csv-source.ts';
import { type Column, DataTable } from './data-table.tsx';
import { DataText } from './data-text.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { Modal } from './modal.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { useToast } from './toast-region.tsx';
import { type CsvExportState, useCsvExport } from './use-csv-export.ts';

/** An export in progress: its progress, obstacles, and a way to cancel. A quick export never shows it. */
export function CsvExportDialog(props: { source: CsvSource; choice: CsvChoice; onClose: () => void }) {
  const { source, choice, onClose } = props;
  const { exporting: words, tables } = useText('csv');
  const { cancel, close } = useText('common');
  const toast = useToast();
  const { state, again } = useCsvExport(source, choice, () => {
    toast(words.done);
    onClose();
  });
  const slow = useDelayed(300);
  const busy = state.kind === 'checking' || state.kind === 'receiving';
  if (busy && !slow) return null;
  const useUtf8 = (
    <Button variant="brand" icon="utility:download" onClick={() => again('utf-8')}>
      {words.useUtf8}
    </Button>
  );
  const unencodable =
    state.kind === 'failed' &&
    state.error instanceof ProblemError &&
    state.error.problem.code === 'csv_character_missing';
  return (
    <Modal
      // A new dialog for what must be read, so that its title is announced again.
      key={busy ? 'busy' : state.kind}
      title={state.kind === 'missing' ? words.missingTitle : words.title(tables[source.table])}
      size={state.kind === 'missing' ? 'medium' : 'small'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{busy || state.kind === 'missing' ? cancel : close}</Button>
          {state.kind === 'missing' ? useUtf8 : null}
        </>
      }
    >
      {state.kind === 'missing' ? <MissingCharacters {...state} /> : null}
      {state.kind === 'failed' ? (
        <ErrorViewOf error={state.error} {...(unencodable ? { actions: useUtf8 } : { onRetry: () => again() })} />
      ) : null}
      {state.kind === 'checking' || state.kind === 'receiving' ? <Progress state={state} /> : null}
    </Modal>
  );
}

function Progress({ state }: { state: Extract<CsvExportState, { kind: 'checking' | 'receiving' }> }) {
  const words = useText('csv').exporting;
  const language = useLanguage();
  if (state.kind === 'checking') {
    const { checked, total } = state;
    const count = (value: number) => value.toLocaleString(language);
    return (
      <ProgressBar
        label={words.checking}
        done={checked}
        total={total}
        detail={total > 0 ? words.checked(count(checked), count(total)) : null}
      />
    );
  }
  const { received, total } = state;
  const size = formatBytes(received, language);
  const detail = total === undefined ? words.received(size) : words.receivedOf(size, formatBytes(total, language));
  return (
    <ProgressBar
      label={words.downloading}
      done={received}
      total={total ?? null}
      detail={received === 0 ? null : detail}
    />
  );
}

type Missing = CsvCheck['missing'][number];

function MissingCharacters({ missing, more }: { missing: readonly Missing[]; more: boolean }) {
  const words = useText('csv').exporting;
  const columns: Column<Missing>[] = [
    { key: 'row', header: words.row, width: 16, cell: ({ row }) => words.rowOf(row) },
    { key: 'column', header: words.column, width: 26, cell: ({ column }) => column },
    {
      key: 'character',
      header: words.character,
      width: 22,
      cell: ({ character, codePoint }) => (
        <>
          <bdi className="argus-strong">{character}</bdi> <span className="argus-quiet">{codePoint}</span>
        </>
      ),
    },
    { key: 'value', header: words.value, cell: ({ value }) => <DataText text={value} /> },
  ];
  return (
    <>
      <p>{words.missingText}</p>
      {more ? <p>{words.missingMore(missing.length)}</p> : null}
      <div className="argus-modal__table">
        <DataTable
          caption={words.missingCaption}
          columns={columns}
          rows={missing}
          rowKey={({ row, column, character }) => `${row} ${column} ${character}`}
          rowName={({ row }) => words.rowOf(row)}
          empty={null}
        />
      </div>
    </>
  );
}
