import type {
  AuthorizationView as Authorization,
  AuthorizationState,
} from '@argus/contract/endpoints/connection/authorize';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { fromProblem } from '../../../lib/shown-problem.ts';
import { pages } from '../../../pages.ts';
import { authorizationQuery } from '../../../queries/authorization-query.ts';
import { AuthorizeButton } from '../../../ui/authorize-button.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorView, ErrorViewOf } from '../../../ui/error-view.tsx';
import { Icon, type IconTone } from '../../../ui/icon.tsx';
import type { IconName } from '../../../ui/icon-names.ts';
import { PageHeader } from '../../../ui/page-header.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import { RevokeModal } from './revoke-modal.tsx';

/** 認証設定: the account that the administrator set, the account that authorized, and the actions on them. */
export function AuthorizationView({ check }: { check: ReactNode }) {
  const words = useText('connection/authorize');
  const query = useQuery(authorizationQuery);
  const { refetch } = query;
  return (
    <div className="argus-page argus-page_narrow">
      <PageHeader title={words.title} icon={pages.authorization.icon} note={words.note} />
      {query.data ? (
        <>
          <Facts authorization={query.data} receivedAt={query.dataUpdatedAt} />
          {check}
        </>
      ) : (
        <Card title={words.accounts}>
          {query.error ? (
            <ErrorViewOf error={query.error} onRetry={() => void refetch()} retrying={query.isFetching} />
          ) : (
            <SkeletonLines lines={5} />
          )}
        </Card>
      )}
    </div>
  );
}

type Look = { readonly name: IconName; readonly tone: IconTone };

const looks: Readonly<Record<AuthorizationState, Look>> = {
  not_linked: { name: 'utility:unlinked', tone: 'default' },
  not_authorized: { name: 'utility:info', tone: 'brand' },
  authorized: { name: 'utility:success', tone: 'success' },
  mismatch: { name: 'utility:warning', tone: 'warning' },
  reconnect_needed: { name: 'utility:warning', tone: 'warning' },
};
/** The link has changed since the authorization. */
const unconfirmedLook: Look = { name: 'utility:info', tone: 'brand' };

function Facts({ authorization, receivedAt }: { authorization: Authorization; receivedAt: number }) {
  const words = useText('connection/authorize');
  const { state, confirmed, linkedAccount, authorizedAccount, authorizedAt, lastSuccessAt, lastError } = authorization;
  const obstacle = useMemo(
    () => (authorization.problem ? fromProblem(authorization.problem, receivedAt) : null),
    [authorization.problem, receivedAt],
  );
  return (
    <Card title={words.accounts} footer={<Actions authorization={authorization} />}>
      <div className="argus-state" data-state={state}>
        <Icon {...(confirmed ? looks[state] : unconfirmedLook)} size="small" />
        <div>
          <p className="argus-state__name">{confirmed ? words.states[state] : words.unconfirmed}</p>
          {obstacle ? null : <p>{confirmed ? words.stateTexts[state] : words.unconfirmedText}</p>}
        </div>
      </div>
      <div className="argus-pair">
        <Account label={words.linkedAccount} account={linkedAccount} missing={words.notSet} />
        <Agreement state={state} confirmed={confirmed} />
        <Account label={words.authorizedAccount} account={authorizedAccount} missing={words.notYet} />
      </div>
      <dl className="argus-facts">
        <Moment label={words.authorizedAt} at={authorizedAt} />
        <Moment label={words.lastSuccessAt} at={lastSuccessAt} />
        {lastError ? (
          <Moment label={words.lastError} at={lastError.at}>
            {' – '}
            {lastError.message}
          </Moment>
        ) : null}
      </dl>
      {obstacle ? <ErrorView problem={obstacle} /> : null}
    </Card>
  );
}

function Account({ label, account, missing }: { label: string; account: string | null; missing: string }) {
  return (
    <div className={account === null ? 'argus-pair__account argus-pair__account_missing' : 'argus-pair__account'}>
      <p className="argus-pair__label">{label}</p>
      <p className="argus-pair__value">{account === null ? missing : <bdi>{account}</bdi>}</p>
    </div>
  );
}

function Agreement({ state, confirmed }: { state: AuthorizationState; confirmed: boolean }) {
  const words = useText('connection/authorize');
  if (confirmed && (state === 'authorized' || state === 'reconnect_needed')) {
    return (
      <div className="argus-pair__sign argus-pair__sign_agree">
        <Icon name="utility:linked" tone="success" size="small" />
        <p>{words.agree}</p>
      </div>
    );
  }
  if (state === 'mismatch') {
    return (
      <div className="argus-pair__sign argus-pair__sign_differ">
        <Icon name="utility:unlinked" tone="error" size="small" />
        <p>{words.differ}</p>
      </div>
    );
  }
  return (
    <div className="argus-pair__sign">
      <Icon name="utility:unlinked" tone="light" size="small" />
      <p>{words.unknown}</p>
    </div>
  );
}

function Moment({ label, at, children }: { label: string; at: string | null; children?: ReactNode }) {
  const words = useText('connection/authorize');
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {at === null ? words.never : <RelativeTime at={at} />}
        {children}
      </dd>
    </>
  );
}

function Actions({ authorization }: { authorization: Authorization }) {
  const words = useText('connection/authorize');
  const { state, startUrl, problem } = authorization;
  const [revoking, setRevoking] = useState(false);
  const start = problem || state === 'not_linked' ? null : startUrl;
  const label = {
    not_linked: words.authorize,
    not_authorized: words.authorize,
    authorized: words.authorizeWithOther,
    mismatch: words.authorizeWithOther,
    reconnect_needed: words.authorizeAgain,
  }[state];
  const revocable = state === 'authorized' || state === 'mismatch' || state === 'reconnect_needed';
  const actions = useRef<HTMLDivElement>(null);
  const wasRevocable = useRef(revocable);
  useEffect(() => {
    // The button that had the focus is gone with what it revoked: the next step is the one that is left.
    const isGone = wasRevocable.current && !revocable && document.activeElement === document.body;
    wasRevocable.current = revocable;
    if (isGone) actions.current?.querySelector<HTMLElement>('a, button')?.focus();
  }, [revocable]);
  return (
    <div ref={actions} className="argus-actions">
      <AuthorizeButton
        startUrl={start}
        label={label}
        afterwards={words.afterwards}
        variant={state === 'authorized' ? 'neutral' : 'brand'}
      />
      {state === 'reconnect_needed' ? (
        <AuthorizeButton
          startUrl={start}
          label={words.authorizeWithOther}
          afterwards={words.afterwards}
          variant="neutral"
        />
      ) : null}
      {revocable ? (
        <Button variant="text-destructive" onClick={() => setRevoking(true)}>
          {words.revoke}
        </Button>
      ) : null}
      {revoking ? <RevokeModal onClose={() => setRevoking(false)} /> : null}
    </div>
  );
}
