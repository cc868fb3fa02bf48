import type { RemoteSiteView } from '@argus/contract/endpoints/setup';
import { useText } from '../../i18n/text-context.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useDeleteRemoteSite } from './queries.ts';
import { UsedByList } from './used-by-list.tsx';

/** Asks before a remote site is deleted, naming what then cannot call it. */
export function RemoveSite(props: { site: RemoteSiteView; onClose: () => void; onRemoved?: () => void }) {
  const { site, onClose, onRemoved } = props;
  const words = useText('setup').sites;
  const { remove } = useText('controls');
  const toast = useToast();
  const deletion = useDeleteRemoteSite();
  const confirm = () =>
    deletion.mutate(site.id, {
      onSuccess: () => {
        toast(words.removed);
        onClose();
        onRemoved?.();
      },
    });
  return (
    <ConfirmModal
      title={words.removeTitle}
      action={remove}
      busy={deletion.isPending}
      error={deletion.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <bdi>{words.removeText(site.name)}</bdi>
      </p>
      {site.active && site.usedBy.length > 0 ? (
        <>
          <p className="argus-strong">{words.removeUsed}</p>
          <UsedByList usedBy={site.usedBy} />
        </>
      ) : null}
    </ConfirmModal>
  );
}
