import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { BulkModal } from '../../../ui/bulk-modal.tsx';
import { Button } from '../../../ui/button.tsx';
import { ChosenRows } from '../../../ui/chosen-rows.tsx';
import type { Selection } from '../../../ui/selection.ts';
import { deleteLink, restoreLink, useRefreshLinks } from './queries.ts';

/** What can be done with the chosen links at once. */
export function BulkLinks({ selection }: { selection: Selection<AccountLinkView> }) {
  const words = useText('connection/links').bulk;
  const { remove } = useText('controls');
  const [rows, setRows] = useState<readonly AccountLinkView[] | null>(null);
  const refresh = useRefreshLinks();
  const close = () => {
    setRows(null);
    selection.clear();
  };
  return (
    <>
      <ChosenRows selection={selection}>
        <Button onClick={() => setRows(selection.rows)}>{words.remove(selection.rows.length)}</Button>
      </ChosenRows>
      {rows ? (
        <BulkModal
          title={words.removeTitle}
          rows={rows}
          nameOf={({ displayName }) => displayName}
          action={{ label: remove, destructive: true, work: deleteLink }}
          undo={{ label: words.undo, work: restoreLink }}
          onEnd={refresh}
          onClose={close}
        >
          <p>{words.removeText(rows.length)}</p>
          <p>{words.removeEffect}</p>
        </BulkModal>
      ) : null}
    </>
  );
}
