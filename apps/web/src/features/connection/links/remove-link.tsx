import type { AccountLinkView } from '@argus/contract/endpoints/connection/links';
import { useText } from '../../../i18n/text-context.tsx';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { useToast } from '../../../ui/toast-region.tsx';
import { useAcceptAccount, useDeleteAccountLink, useRevokeAuthorization } from './queries.ts';

interface Props {
  readonly link: AccountLinkView;
  readonly onClose: () => void;
}

/** Asks before a link is deleted. */
export function RemoveLink({ link, onClose }: Props) {
  const words = useText('connection/links');
  const { remove } = useText('controls');
  const toast = useToast();
  const deletion = useDeleteAccountLink();
  const confirm = () =>
    deletion.mutate(link.id, {
      onSuccess: () => {
        toast(words.removed);
        onClose();
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
        <bdi className="argus-data">{words.removeText(link.username, link.microsoftAccount)}</bdi>
      </p>
      <p>{words.removeEffect}</p>
    </ConfirmModal>
  );
}

/** Asks before a user's authorization is revoked. */
export function RevokeAuthorization({ link, onClose }: Props) {
  const words = useText('connection/links');
  const toast = useToast();
  const revocation = useRevokeAuthorization();
  const confirm = () =>
    revocation.mutate(link.id, {
      onSuccess: () => {
        toast(words.revoked);
        onClose();
      },
    });
  return (
    <ConfirmModal
      title={words.revoke}
      action={words.revoke}
      busy={revocation.isPending}
      error={revocation.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <bdi className="argus-data">{words.revokeText(link.username)}</bdi>
      </p>
      <p>{words.revokeEffect}</p>
    </ConfirmModal>
  );
}

/** Asks before another account of the same name may authorize. */
export function AcceptAccount({ link, onClose }: Props) {
  const words = useText('connection/links');
  const toast = useToast();
  const acceptance = useAcceptAccount();
  const confirm = () =>
    acceptance.mutate(link.id, {
      onSuccess: () => {
        toast(words.accepted);
        onClose();
      },
    });
  return (
    <ConfirmModal
      title={words.accept}
      action={words.accept}
      busy={acceptance.isPending}
      error={acceptance.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <bdi className="argus-data">{words.acceptText(link.username, link.microsoftAccount)}</bdi>
      </p>
      <p>{words.acceptEffect}</p>
    </ConfirmModal>
  );
}
