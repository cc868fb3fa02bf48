import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { changesOf } from './import-step.ts';
import { useUndoImport, useUndoRest } from './queries.ts';

/** Asks before an import is undone. */
export function UndoImport(props: { view: CsvImportView; onDone?: () => void; onClose: () => void }) {
  const { view, onDone, onClose } = props;
  const words = useText('csv').importing;
  const language = useLanguage();
  const undo = useUndoImport(view.id);
  const count = view.counts ? changesOf(view.counts) : view.progress.rowsTotal;
  const confirm = () =>
    undo.mutate(undefined, {
      onSuccess: () => {
        onClose();
        onDone?.();
      },
    });
  return (
    <ConfirmModal
      title={words.undo}
      action={words.undoAction}
      busy={undo.isPending}
      error={undo.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <bdi className="argus-data">{words.undoText(view.fileName, count.toLocaleString(language))}</bdi>
      </p>
      <p>{words.undoEffect[view.table]}</p>
    </ConfirmModal>
  );
}

/** Asks before the rows of an import are undone that nobody has changed since. */
export function UndoRest({ view, rest, onClose }: { view: CsvImportView; rest: number; onClose: () => void }) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const undo = useUndoRest(view.id);
  return (
    <ConfirmModal
      title={words.undoRest}
      action={words.undoAction}
      busy={undo.isPending}
      error={undo.error}
      onConfirm={() => undo.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{words.undoRestText(rest.toLocaleString(language), view.conflictsTotal.toLocaleString(language))}</p>
      <p>{words.undoRestNote}</p>
    </ConfirmModal>
  );
}
