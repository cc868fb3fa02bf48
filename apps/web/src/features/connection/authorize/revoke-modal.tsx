import { useText } from '../../../i18n/text-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorViewOf } from '../../../ui/error-view.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useRevokeAuthorization } from './queries.ts';

/** Asks before revoking one's own authorization: it cannot be undone, only granted again. */
export function RevokeModal({ onClose }: { onClose: () => void }) {
  const words = useText('connection/authorize');
  const common = useText('common');
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
    <Modal
      title={words.revokeTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button variant="destructive" busy={revoke.isPending} onClick={confirm}>
            {words.revoke}
          </Button>
        </>
      }
    >
      <p>{words.revokeText}</p>
      {revoke.error ? <ErrorViewOf error={revoke.error} /> : null}
    </Modal>
  );
}
