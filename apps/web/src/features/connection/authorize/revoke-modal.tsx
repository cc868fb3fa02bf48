import { useText } from '../../../i18n/text-context.tsx';
import { ActionModal } from '../../../ui/action-modal.tsx';
import { ErrorViewOf } from '../../../ui/error-view.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useRevokeAuthorization } from './queries.ts';

/** Asks before revoking one's own authorization: it cannot be undone, only granted again. */
export function RevokeModal({ onClose }: { onClose: () => void }) {
  const words = useText('connection/authorize');
  const toast = useToast();
  const revoke = useRevokeAuthorization();
  const confirm = () =>
    revoke.mutate(undefined, {
      onSuccess: () => {
        toast(words.revoked);
        onClose();
      },
    });
  return (
    <ActionModal
      title={words.revokeTitle}
      action={words.revoke}
      destructive
      busy={revoke.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{words.revokeText}</p>
      {revoke.error ? <ErrorViewOf error={revoke.error} /> : null}
    </ActionModal>
  );
}
