import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import type { ShownProblem } from '../../lib/shown-problem.ts';
import { pages } from '../../pages.ts';
import { authorizationQuery } from '../../queries/authorization-query.ts';
import { sessionQuery } from '../../queries/session-query.ts';
import { AdminDetails } from '../../ui/admin-details.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { AuthorizeButton } from '../../ui/authorize-button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorView, MessageLines } from '../../ui/error-view.tsx';
import { Illustration } from '../../ui/illustration.tsx';

/**
 * Why there is no mail for this user, and the one next step: authorize, choose another account, or ask the
 * administrator.
 */
export function RefusedState({ problem }: { problem: ShownProblem }) {
  if (problem.code === 'mail_not_linked') return <NotLinked problem={problem} />;
  if (problem.code === 'mail_account_mismatch') return <Mismatch problem={problem} />;
  return <NotAuthorized problem={problem} />;
}

function NotAuthorized({ problem }: { problem: ShownProblem }) {
  const words = useText('mail');
  const authorization = useQuery(authorizationQuery);
  const obstacle = authorization.data?.problem;
  return (
    <>
      <Illustration drawing="connect" title={words.notAuthorized}>
        <MessageLines lines={problem.lines} />
        <div className="argus-illustration__actions">
          <AuthorizeButton startUrl={authorization.data?.startUrl ?? null} label={words.authorize} />
        </div>
      </Illustration>
      {obstacle ? (
        <p className="argus-illustration__link">
          {obstacle.lines[0]} <AppLink to={pages.authorization.path}>{words.toAuthorization}</AppLink>
        </p>
      ) : null}
    </>
  );
}

function NotLinked({ problem }: { problem: ShownProblem }) {
  const words = useText('mail');
  const username = useQuery(sessionQuery).data?.user?.username ?? '';
  const request = words.request(username);
  return (
    <Illustration drawing="unlinked" title={problem.lines[0]}>
      <MessageLines lines={problem.lines.slice(1)} />
      <figure className="argus-request">
        <figcaption>{words.notLinkedForAdmin}</figcaption>
        <pre>{request}</pre>
        <CopyButton text={request} label={words.copyRequest} />
      </figure>
      {problem.admin ? <AdminDetails code={problem.code} detail={problem.admin} /> : null}
    </Illustration>
  );
}

function Mismatch({ problem }: { problem: ShownProblem }) {
  const words = useText('mail');
  const authorization = useQuery(authorizationQuery);
  const linked = problem.accounts?.linked ?? authorization.data?.linkedAccount;
  const authorized = problem.accounts?.authorized ?? authorization.data?.authorizedAccount;
  return (
    <ErrorView
      problem={problem}
      facts={
        linked && authorized ? (
          <dl className="argus-facts argus-accounts">
            <dt>{words.linkedAccount}</dt>
            <dd>
              <bdi>{linked}</bdi>
            </dd>
            <dt>{words.authorizedAccount}</dt>
            <dd>
              <bdi>{authorized}</bdi>
            </dd>
          </dl>
        ) : null
      }
      actions={
        <>
          <AuthorizeButton startUrl={authorization.data?.startUrl ?? null} label={words.authorizeWithOther} />
          <AppLink to={pages.authorization.path} className="slds-button slds-button_neutral">
            {words.toAuthorization}
          </AppLink>
        </>
      }
    />
  );
}
