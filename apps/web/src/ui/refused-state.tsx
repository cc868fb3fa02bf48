import { hasTrait } from '@argus/contract/errors/screen-traits';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../i18n/text-context.tsx';
import type { ShownProblem } from '../lib/shown-problem.ts';
import { pages } from '../pages.ts';
import { authorizationQuery } from '../queries/authorization-query.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { AdminDetails } from './admin-details.tsx';
import { AppLink } from './app-link.tsx';
import { AuthorizeButton } from './authorize-button.tsx';
import { CopyButton } from './copy-button.tsx';
import { ErrorView, MessageLines } from './error-view.tsx';
import { Illustration } from './illustration.tsx';

/**
 * Why there is no data of Microsoft for this user, and the one next step: authorize, choose another account, or ask the
 * administrator.
 * @param afterwards what this place shows once the user has authorized, as a sentence
 */
export function RefusedState({ problem, afterwards }: { problem: ShownProblem; afterwards: string }) {
  if (hasTrait('asksForLink', problem)) return <NotLinked problem={problem} />;
  if (hasTrait('offersOtherAccount', problem)) return <Mismatch problem={problem} afterwards={afterwards} />;
  return <NotAuthorized problem={problem} afterwards={afterwards} />;
}

function NotAuthorized({ problem, afterwards }: { problem: ShownProblem; afterwards: string }) {
  const words = useText('microsoft');
  const authorization = useQuery(authorizationQuery);
  const obstacle = authorization.data?.problem;
  return (
    <>
      <Illustration drawing={lockedMail} title={words.notAuthorized}>
        <MessageLines lines={problem.lines} />
        <div className="argus-illustration__actions">
          <AuthorizeButton
            startUrl={authorization.data?.startUrl ?? null}
            label={words.authorize}
            afterwards={afterwards}
          />
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
  const words = useText('microsoft');
  const username = useQuery(sessionQuery).data?.user?.username ?? '';
  const request = words.request(username);
  return (
    <Illustration drawing={missingLink} title={problem.lines[0]}>
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

function Mismatch({ problem, afterwards }: { problem: ShownProblem; afterwards: string }) {
  const words = useText('microsoft');
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
          <AuthorizeButton
            startUrl={authorization.data?.startUrl ?? null}
            label={words.authorizeWithOther}
            afterwards={afterwards}
          />
          <AppLink to={pages.authorization.path} className="slds-button slds-button_neutral">
            {words.toAuthorization}
          </AppLink>
        </>
      }
    />
  );
}

const lockedMail = (
  <>
    <path className="argus-draw__soft" d="M28 92h144" />
    <rect className="argus-draw__paper" x="26" y="34" width="58" height="44" rx="5" />
    <path className="argus-draw__line" d="m27 39 28 21 28-21" />
    <path className="argus-draw__line argus-draw__dash" d="M90 56h20" />
    <circle className="argus-draw__paper" cx="144" cy="56" r="27" />
    <path className="argus-draw__line" d="M134 54v-6a10 10 0 0 1 20 0v6" />
    <rect className="argus-draw__solid" x="129" y="53" width="30" height="20" rx="3" />
    <path className="argus-draw__key" d="M144 60v6" />
  </>
);

const missingLink = (
  <>
    <path className="argus-draw__soft" d="M28 92h144" />
    <circle className="argus-draw__paper" cx="56" cy="44" r="14" />
    <path className="argus-draw__paper" d="M30 84c2-16 12-24 26-24s24 8 26 24Z" />
    <path className="argus-draw__line argus-draw__dash" d="M88 60h24" />
    <rect className="argus-draw__paper argus-draw__dash" x="118" y="36" width="56" height="44" rx="5" />
    <path className="argus-draw__line argus-draw__dash" d="m119 41 27 21 27-21" />
  </>
);
