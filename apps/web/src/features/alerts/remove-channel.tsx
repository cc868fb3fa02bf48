import type { AlertChannelView } from '@argus/contract/endpoints/alerts';
import { useText } from '../../i18n/text-context.tsx';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useDeleteAlertChannel } from './queries.ts';

/** Asks before a destination is deleted. */
export function RemoveChannel(props: { channel: AlertChannelView; onClose: () => void; onRemoved?: () => void }) {
  const { channel, onClose, onRemoved } = props;
  const words = useText('alerts');
  const { remove } = useText('controls');
  const toast = useToast();
  const deletion = useDeleteAlertChannel();
  const confirm = () =>
    deletion.mutate(channel.id, {
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
      <p>{words.removeText(channel.name)}</p>
    </ConfirmModal>
  );
}
