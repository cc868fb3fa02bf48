import type { UserView } from '@argus/contract/endpoints/users/users';
import { useText } from '../../i18n/text-context.tsx';
import { ActionModal } from '../../ui/action-modal.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { Modal } from '../../ui/modal.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { useIssueInvitation } from './queries.ts';

/** 招待リンクを発行: asks, then shows the link once. */
export function InvitationDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const users = useText('users');
  const words = users.invitation;
  const { close } = useText('common');
  const issue = useIssueInvitation();
  if (issue.data) {
    const { url, expiresAt, displayName, username } = issue.data;
    return (
      <Modal
        key="issued"
        title={users.issueInvitation}
        onClose={onClose}
        footer={<Button onClick={onClose}>{close}</Button>}
      >
        <div className="argus-prose">
          <p>
            <bdi className="argus-data">{words.issued(displayName, username)}</bdi>
          </p>
          <dl className="argus-addresses">
            <div>
              <dt>{words.link}</dt>
              <dd>
                <span className="argus-code">{url}</span>
                <CopyButton text={url} label={words.copy} />
              </dd>
            </div>
            <div>
              <dt>{words.until}</dt>
              <dd>
                <ExactTime at={expiresAt} />
              </dd>
            </div>
          </dl>
          <ScopedNotification kind="warning">{words.onlyNow}</ScopedNotification>
        </div>
      </Modal>
    );
  }
  return (
    <ActionModal
      key="ask"
      title={users.issueInvitation}
      action={words.issue}
      busy={issue.isPending}
      onConfirm={() => issue.mutate(user.id)}
      onClose={onClose}
    >
      <div className="argus-prose">
        {issue.error ? <ErrorViewOf error={issue.error} /> : null}
        <p>
          <bdi className="argus-data">{words.for(user.displayName, user.username)}</bdi>
        </p>
        <p>{words.rules}</p>
        {user.invitedUntil === null ? null : <ScopedNotification kind="warning">{words.replaces}</ScopedNotification>}
      </div>
    </ActionModal>
  );
}
