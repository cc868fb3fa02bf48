import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { useText } from '../../i18n/text-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useCancelImport } from './queries.ts';

/** 取り消す: cancels an import before it is applied. */
export function CancelButton({ view }: { view: CsvImportView }) {
  const words = useText('csv').importing;
  const toast = useToast();
  const cancel = useCancelImport(view.id);
  return (
    <>
      {cancel.error ? <ErrorViewOf error={cancel.error} /> : null}
      <Button
        busy={cancel.isPending}
        onClick={() => cancel.mutate(undefined, { onSuccess: () => toast(words.cancelledToast) })}
      >
        {words.cancel}
      </Button>
    </>
  );
}
