import type { UserTodo, UserView } from '@argus/contract/endpoints/users/users';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { ProblemError } from '../../lib/api-client.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { Modal } from '../../ui/modal.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { invitationPlanQuery, useIssueInvitations } from './queries.ts';

interface Filter {
  /** Parts of name, reading or username; '' for all. */
  readonly q: string;
  readonly role: 'user' | 'admin' | undefined;
  readonly todo: UserTodo | undefined;
  /** Only these users, instead of all whom a filter lists. */
  readonly chosen?: readonly UserView[];
}

/** 招待リンクをCSVで発行: says for whom, issues, and reports how many. The links are only in the file. */
export function BulkInvitationDialog({ filter, onClose }: { filter: Filter; onClose: () => void }) {
  const users = useText('users');
  const words = users.invitations;
  const { cancel, close } = useText('common');
  const { q, role, todo, chosen } = filter;
  const issue = useIssueInvitations();
  const plan = useQuery({
    ...invitationPlanQuery({ ...(q === '' ? {} : { q }), ...present({ role, todo }) }),
    enabled: issue.isIdle && chosen === undefined,
  });
  const [controller] = useState(() => new AbortController());
  const start = () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const ids = chosen?.map(({ id }) => id);
    issue.mutate({ q, role: role ?? null, ...present({ todo, ids }), timeZone, signal: controller.signal });
  };

  if (issue.data) {
    return (
      <Dialog key="done" onClose={onClose} footer={<Button onClick={onClose}>{close}</Button>}>
        <ScopedNotification kind="success">{words.done(issue.data.issued)}</ScopedNotification>
        <p>{words.doneReplaced}</p>
        <p>{words.doneKeep}</p>
      </Dialog>
    );
  }
  if (issue.isPending) {
    // Closing it would discard the only copy of links being issued, so the user must decide.
    return (
      <Dialog key="busy" footer={<Button onClick={() => controller.abort()}>{cancel}</Button>}>
        <p role="status">{words.issuing}</p>
      </Dialog>
    );
  }
  if (issue.error) {
    // A problem reply precedes the first link; an abort after that leaves links that nobody has.
    const nothingIssued = issue.error instanceof ProblemError;
    return (
      <Dialog key="failed" onClose={onClose} footer={<Button onClick={onClose}>{close}</Button>}>
        {nothingIssued ? (
          <ErrorViewOf error={issue.error} onRetry={start} />
        ) : (
          <ScopedNotification kind="error">{words.brokenOff}</ScopedNotification>
        )}
      </Dialog>
    );
  }
  const conditions = [
    ...(q === '' ? [] : [q]),
    ...(role ? [users.roles[role]] : []),
    ...(todo ? [users.todos[todo]] : []),
  ];
  const counted = chosen
    ? { accounts: chosen.length, invited: chosen.filter(({ invitedUntil }) => invitedUntil !== null).length }
    : plan.data;
  const { accounts = 0, invited = 0 } = counted ?? {};
  return (
    <Dialog
      key="ask"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{accounts > 0 ? cancel : close}</Button>
          {accounts > 0 ? (
            <Button variant="brand" onClick={start}>
              {words.issue}
            </Button>
          ) : null}
        </>
      }
    >
      {conditions.length > 0 ? <p className="argus-data">{words.scope(conditions.join(' / '))}</p> : null}
      {plan.error ? (
        <ErrorViewOf error={plan.error} onRetry={() => void plan.refetch()} retrying={plan.isFetching} />
      ) : counted ? (
        <>
          <p>{accounts > 0 ? words.plan(accounts) : words.nobody}</p>
          {accounts > 0 ? <p>{words.rules}</p> : null}
          {invited > 0 ? <ScopedNotification kind="warning">{words.replaces(invited)}</ScopedNotification> : null}
        </>
      ) : (
        <SkeletonLines />
      )}
    </Dialog>
  );
}

function Dialog(props: { onClose?: () => void; footer: ReactNode; children: ReactNode }) {
  const { onClose, footer, children } = props;
  const { issueInvitations } = useText('users');
  return (
    <Modal title={issueInvitations} footer={footer} {...(onClose ? { onClose } : {})}>
      <div className="argus-prose">{children}</div>
    </Modal>
  );
}
