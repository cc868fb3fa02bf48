import { randomBytes, randomUUID } from 'node:crypto';
import { accountKey } from '@argus/contract/account-key';
import { isUrlSuffix } from '@argus/contract/url-suffix';
import { startDeadline } from '@argus/egress/deadline';
import { EgressFailure, refusalFact } from '@argus/egress/egress-failure';
import type { TokenReply } from '@argus/microsoft/entra';
import { tenantOf } from '@argus/microsoft/entra-tenant';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import { parseRedirectError } from '@argus/microsoft/redirect-error';
import { lacksMail } from '@argus/microsoft/scopes';
import { findAccount } from '../../accounts/records/accounts.ts';
import type { Actor } from '../../audit/audit.ts';
import { type Db, inTransaction } from '../../platform/database/db.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { hashToken } from '../../platform/vault/hash-token.ts';
import { fromMicrosoft, fromRedirectError } from '../from-microsoft.ts';
import type { AuthorizationRequest, BeginAuthorizationRequest } from '../oauth/authorization-request.ts';
import { authorizeUrlFault } from '../oauth/authorize-url.ts';
import type { TokenEndpoints } from '../oauth/token-client.ts';
import { type AccountLink, findLinkOf, lockLinkOf } from '../records/account-links.ts';
import { type AuthProvider, findAuthProviderBySuffix } from '../records/auth-providers.ts';
import {
  type AuthorizationTransaction,
  consumeTransaction,
  findTransaction,
  hasOpenTransaction,
  saveTransaction,
} from '../records/authorization-transactions.ts';
import { readConnector } from '../records/connector.ts';
import { holdSettings, readSettings } from '../records/settings.ts';
import { accessExpiry } from '../stored-tokens.ts';
import { whatIsKnown } from '../what-is-known.ts';
import { type BegunFlow, flowLifeMs } from './flow-cookies.ts';
import { identify } from './identify.ts';
import { mismatchOf } from './mismatch-of.ts';
import { newOutcomeId, outcomeSecretOf } from './outcome-id.ts';
import { isSameIssuer } from './same-issuer.ts';
import { recordMismatch, storeEnd, storeGrant } from './store-end.ts';

export type FlowServices = Services & {
  readonly tokenEndpoints: TokenEndpoints;
  readonly beginRequest: BeginAuthorizationRequest;
};

/** Query of the callback, untrusted. A repeated parameter arrives as an array. */
export type CallbackQuery = Readonly<Record<string, unknown>>;

/** How a successful flow ended. */
export interface Authorized {
  readonly hint: 'case_differs' | 'upn_renamed' | null;
}

/** A suffix taken from the page's URL. Anybody can craft a link, so an invalid suffix is never shown. */
function told(suffix: string): { readonly suffix?: string } {
  return isUrlSuffix(suffix) ? { suffix } : {};
}

/**
 * Checks what the code flow needs before a user is sent to Microsoft: an active account, the provider, the link, and
 * a token endpoint that the remote sites cover.
 * @throws AppError authorization_provider_not_found (A1), authorization_not_linked,
 * authorization_authorize_url_invalid, authorization_site_not_registered (A3)
 */
export async function requireReady(
  { db, egress }: Services,
  suffix: string,
  accountId: string,
): Promise<{ provider: AuthProvider; link: AccountLink }> {
  const { provider } = await readConnector(db);
  // Only the provider in use: no administrator has proved the password for any other.
  if (!provider || accountKey(provider.urlSuffix) !== accountKey(suffix)) {
    throw new AppError('authorization_provider_not_found', told(suffix));
  }
  const account = await findAccount(db, accountId);
  if (!account?.active) throw new AppError('authorization_state_invalid', { suffix });
  const link = await findLinkOf(db, accountId);
  if (!link) throw new AppError('authorization_not_linked', { suffix });
  if (authorizeUrlFault(provider.authorizeEndpointUrl) !== null) {
    throw new AppError('authorization_authorize_url_invalid', { suffix });
  }
  const decision = await egress.check(provider.tokenEndpointUrl);
  if (!decision.allowed) {
    const failure = new EgressFailure(refusalFact(decision));
    throw fromMicrosoft(fromEgressFact('token', failure.fact, failure), 'authorization', {
      called: provider.tokenEndpointUrl,
      suffix,
      // Argus checked no setting besides the address.
      known: [],
    });
  }
  return { provider, link };
}

/** What a flow or a ticket relies on, as `requireReady` returned it. */
type Ready = Awaited<ReturnType<typeof requireReady>>;

/**
 * Stores the start of a flow, or of a ticket. From here on, anything that ends what it relies on (the user's access,
 * the link, the provider in use) waits and then ends it too; anything that ended earlier is seen here.
 * @param hold holds the right by which it starts: a session, or a ticket
 * @throws AppError authorization_state_invalid where link or provider changed meanwhile; as `hold`
 */
export async function beginWhileReady(
  { db }: Services,
  { provider, link }: Ready,
  hold: (tx: Db) => Promise<void>,
  store: (tx: Db) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await hold(tx);
    const linkNow = await lockLinkOf(tx, link.accountId);
    await holdSettings(tx);
    const providerNow = (await readConnector(tx)).provider;
    const isAsBefore =
      linkNow?.microsoftAccountKey === link.microsoftAccountKey &&
      providerNow?.id === provider.id &&
      providerNow.version === provider.version;
    if (!isAsBefore) throw new AppError('authorization_state_invalid', { suffix: provider.urlSuffix });
    await store(tx);
  });
}

/**
 * Starts a flow: stores the transaction and returns what the browser is sent to Microsoft with.
 * @throws AppError as requireReady and beginWhileReady
 */
export async function startAuthorization(
  services: FlowServices,
  flow: {
    readonly suffix: string;
    readonly accountId: string;
    readonly display: 'page' | 'popup';
    /** The id of its outcome, where somebody waits for it already. */
    readonly outcomeId?: string | undefined;
    readonly hold: (tx: Db) => Promise<void>;
  },
): Promise<AuthorizationRequest> {
  const { beginRequest, now } = services;
  const ready = await requireReady(services, flow.suffix, flow.accountId);
  const { provider, link } = ready;
  const nonce = randomBytes(18).toString('base64url');
  const request = await beginRequest(provider, { loginHint: link.microsoftAccount, nonce });
  const transaction = {
    stateHash: hashToken(request.state),
    accountId: flow.accountId,
    providerId: provider.id,
    nonce,
    display: flow.display,
    outcomeId: flow.outcomeId ?? newOutcomeId(),
    browserHash: hashToken(outcomeSecretOf(request.verifier)),
    createdAt: now(),
    expiresAt: new Date(now().getTime() + flowLifeMs),
  };
  await beginWhileReady(services, ready, flow.hold, (tx) => saveTransaction(tx, transaction));
  return request;
}

/** Whether any of these flows is still open. A cookie alone proves nothing: anybody can forge one. */
export async function isInFlow({ db }: Services, begun: readonly BegunFlow[]): Promise<boolean> {
  return hasOpenTransaction(
    db,
    begun.map(({ state }) => hashToken(state)),
  );
}

/** What comes to the callback. */
export interface Callback {
  readonly suffix: string;
  readonly query: CallbackQuery;
  /** The flows that the returning browser started. */
  readonly begun: readonly BegunFlow[];
  /** Who is signed in there. */
  readonly viewerId: string | undefined;
}

/**
 * Finds the transaction of a callback and consumes it. Any failed check is an attack or an accident that must not
 * reach the token endpoint.
 * @throws AppError authorization_state_invalid
 */
export async function takeTransaction(
  { db, now }: Services,
  callback: Callback,
): Promise<{ transaction: AuthorizationTransaction; provider: AuthProvider; verifier: string }> {
  const { suffix, query, begun, viewerId } = callback;
  const invalid = () => new AppError('authorization_state_invalid', told(suffix));
  const { state } = query;
  // A repeated parameter arrives as an array. It is refused, like anything that is not text.
  if (typeof state !== 'string' || state === '') throw invalid();
  const transaction = await findTransaction(db, hashToken(state));
  if (!transaction || transaction.consumedAt !== null) throw invalid();
  // Only the browser that started the flow has the cookie.
  const own = begun.find((flow) => flow.state === state);
  if (!own) throw invalid();
  const provider = await findAuthProviderBySuffix(db, suffix);
  if (provider?.id !== transaction.providerId) throw invalid();
  // A pop-up of an embedded portlet has no session. A session, if there is one, must belong to the user who started.
  if (viewerId === undefined ? transaction.display !== 'popup' : viewerId !== transaction.accountId) throw invalid();
  if (!(await consumeTransaction(db, transaction.stateHash, now()))) throw invalid();
  return { transaction, provider, verifier: own.verifier };
}

/**
 * Finishes a flow: redeems the code, finds out who signed in, and stores the grant, or on a mismatch only who it was.
 * One time budget covers all of it.
 * @throws AppError with a code of the authorization area
 */
export async function finishAuthorization(
  services: FlowServices,
  actor: Actor,
  flow: {
    readonly transaction: AuthorizationTransaction;
    readonly provider: AuthProvider;
    readonly verifier: string;
    readonly query: CallbackQuery;
  },
): Promise<Authorized> {
  const { db, tokenEndpoints } = services;
  const { transaction, provider, verifier, query } = flow;
  const { accountId } = transaction;
  const suffix = provider.urlSuffix;
  if (transaction.expiresAt <= services.now()) throw new AppError('authorization_state_expired', { suffix });
  // RFC 9207: prevents the code of one server from being sent to another. Entra does not send `iss`; then 発行者 stays
  // empty.
  if (provider.issuer !== null && !isSameIssuer(query.iss, provider.issuer)) {
    throw new AppError('authorization_issuer_mismatch', { suffix });
  }
  const settings = await readSettings(db);
  const known = whatIsKnown({ settings, provider });
  const deadline = startDeadline(settings.totalTimeoutSeconds * 1000);
  if (query.error !== undefined) throw fromRedirectError(parseRedirectError(query), suffix, known);
  const { code } = query;
  if (typeof code !== 'string' || code === '') throw new AppError('authorization_state_invalid', { suffix });
  // Both may have changed while the user was at Microsoft.
  const { link } = await requireReady(services, suffix, accountId);

  let tokens: TokenReply;
  try {
    tokens = await tokenEndpoints.redeemCode({ provider, settings, deadline }, { code, verifier });
  } catch (error) {
    if (!(error instanceof MicrosoftFailure)) throw error;
    throw fromMicrosoft(error, 'authorization', {
      called: provider.tokenEndpointUrl,
      suffix,
      known,
      secretExpiresOn: provider.consumerSecretExpiresOn,
    });
  }
  const identified = await identify(services, { tokens, link, provider, settings, nonce: transaction.nonce, deadline });
  const ended = { id: randomUUID(), transaction, provider, settings, link, identified };
  if (identified.judgement.verdict === 'other') {
    const { userPrincipalName, objectId } = identified.signedIn;
    const authorizedAccount = userPrincipalName ?? objectId ?? '?';
    await storeEnd(services, ended, deadline, (tx) =>
      recordMismatch(services, tx, actor, { ...ended, authorizedAccount }),
    );
    const linkedAccount = link.microsoftAccount;
    throw new AppError(mismatchOf(link, authorizedAccount), { suffix, linkedAccount, authorizedAccount });
  }
  // Other sign-in servers name scopes of their own.
  if (tenantOf(provider.tokenEndpointUrl) !== undefined && lacksMail(tokens.scope)) {
    throw new AppError('authorization_mail_permission_missing', { suffix, known });
  }
  if (tokens.refreshToken === undefined) throw new AppError('authorization_refresh_token_missing', { suffix });
  const { accessToken, refreshToken } = tokens;
  const granted = { ...ended, tokens: { accessToken, refreshToken }, expiresAt: accessExpiry(services, tokens) };
  await storeEnd(services, ended, deadline, (tx) => storeGrant(services, tx, actor, granted));
  return { hint: identified.judgement.hint };
}
