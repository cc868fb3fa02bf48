import type { ReplyOf } from '@argus/contract/endpoint-map';
import type { SessionView } from '@argus/contract/endpoints/accounts';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { ProblemError } from '../../lib/api-client.ts';
import { fieldMessages } from '../../lib/field-messages.ts';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { ChoosePasswordForm } from './choose-password-form.tsx';
import { CookieNotice } from './cookie-notice.tsx';
import { invitationQuery, useAcceptInvitation } from './queries.ts';
import { useFragmentToken } from './use-fragment-token.ts';

/** The page of an invitation link: an account without a password gets one, and is signed in. */
export function InvitationPage({ session, onDone }: { session: SessionView; onDone: () => void }) {
  const words = useText('accounts');
  const token = useFragmentToken();
  return (
    <Panel title={words.invitationTitle}>
      {token === '' ? (
        <>
          <ScopedNotification kind="error">
            <p>{words.invitationNoToken}</p>
          </ScopedNotification>
          <ToSignIn />
        </>
      ) : (
        <>
          <CookieNotice />
          <Invited token={token} session={session} onDone={onDone} />
        </>
      )}
    </Panel>
  );
}

function Invited({ token, session, onDone }: { token: string; session: SessionView; onDone: () => void }) {
  const words = useText('accounts');
  const invitation = useQuery(invitationQuery(token));
  if (invitation.data) {
    return (
      <>
        <p className="argus-panel__lead">{words.invitationLead}</p>
        {session.user ? (
          <ScopedNotification kind="info">
            <p>{words.invitationSignedIn(session.user.displayName)}</p>
          </ScopedNotification>
        ) : null}
        <InvitationForm token={token} invitation={invitation.data} onDone={onDone} />
      </>
    );
  }
  if (!invitation.error) return <SkeletonLines />;
  const dead = isDead(invitation.error);
  return (
    <>
      <ErrorViewOf
        error={invitation.error}
        {...(dead ? {} : { onRetry: () => void invitation.refetch(), retrying: invitation.isFetching })}
      />
      {dead ? <ToSignIn /> : null}
    </>
  );
}

type Invitation = ReplyOf<'POST /api/invitation/read'>;

function InvitationForm({ token, invitation, onDone }: { token: string; invitation: Invitation; onDone: () => void }) {
  const words = useText('accounts');
  const accept = useAcceptInvitation();
  const messages = fieldMessages(accept.error);
  return (
    <ChoosePasswordForm
      error={messages.password}
      busy={accept.isPending}
      action={words.invitationSubmit}
      onSubmit={(password) => accept.mutate({ token, password }, { onSuccess: onDone })}
    >
      {accept.error && !messages.password ? <ErrorViewOf error={accept.error} /> : null}
      {isDead(accept.error) ? <ToSignIn /> : null}
      <dl className="argus-invitee">
        <dt>{words.displayName}</dt>
        <dd>
          <DataText text={invitation.displayName} />
        </dd>
        <dt>{words.invitationAccount}</dt>
        <dd>
          <DataText text={invitation.username} />
        </dd>
        <dt>{words.invitationUntil}</dt>
        <dd>
          <ExactTime at={invitation.expiresAt} />
        </dd>
      </dl>
      {/* Tells password managers whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={invitation.username} readOnly hidden />
    </ChoosePasswordForm>
  );
}

/** An account whose link was used already has a password. */
function ToSignIn() {
  const words = useText('accounts');
  return (
    <div className="argus-panel__after">
      <p>{words.invitationUsed}</p>
      <p>
        <AppLink to={pages.home.path}>{words.toSignIn}</AppLink>
      </p>
    </div>
  );
}

function isDead(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'invitation_expired';
}
