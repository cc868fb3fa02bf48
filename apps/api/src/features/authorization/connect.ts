import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalOrigin } from '@argus/egress/canonical-origin';
import { startDeadline } from '@argus/egress/deadline';
import { EgressFailure, refusalFact } from '@argus/egress/egress-failure';
import type { TokenReply } from '@argus/microsoft/entra';
import { fromEgressFact, MicrosoftFailure } from '@argus/microsoft/fact';
import { parseRedirectError } from '@argus/microsoft/redirect-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../app-error.ts';
import { audit } from '../../audit.ts';
import { fromMicrosoft, fromRedirectError } from '../../from-microsoft.ts';
import { hashToken } from '../../hash-token.ts';
import { type ProviderClients, stateCookie, transactionLifeMs, verifierCookie } from '../../provider-clients.ts';
import { type AccountLink, findLinkOf, pinIdentity } from '../../records/account-links.ts';
import { type AuthProvider, findAuthProviderBySuffix } from '../../records/auth-providers.ts';
import {
  type AuthorizationTransaction,
  consumeTransaction,
  findTransaction,
  saveTransaction,
} from '../../records/authorization-transactions.ts';
import { inTransaction } from '../../records/db.ts';
import { replaceGrant } from '../../records/grants.ts';
import { deleteKeptMail } from '../../records/mail-cache.ts';
import { readSettings } from '../../records/settings.ts';
import type { Services } from '../../services.ts';
import { isUrlSuffix } from '../../url-suffix.ts';
import { accessExpiry, sealTokens } from '../../vault/token-vault.ts';
import { type Identified, identify } from './identify.ts';

export type FlowServices = Services & { readonly clients: ProviderClients };

/** Query of the callback, as far as it can be trusted to be text. A repeated parameter arrives as an array. */
export type CallbackQuery = Readonly<Record<string, unknown>>;

/** How a flow ended well. */
export interface Authorized {
  readonly hint: 'case_differs' | 'upn_renamed' | null;
}

/** A suffix as the address of the page holds it. Anybody can make a link: what could be none goes into no text. */
function told(suffix: string): { readonly suffix?: string } {
  return isUrlSuffix(suffix) ? { suffix } : {};
}

/**
 * What the code flow needs before a user is sent to Microsoft: the provider, the link, and a token endpoint that the
 * remote sites cover.
 * @throws AppError authorization_provider_not_found (A1), authorization_not_linked, authorization_authorize_url_invalid, authorization_site_not_registered (A3)
 */
export async function requireReady(
  { db, egress }: Services,
  suffix: string,
  accountId: string,
): Promise<{ provider: AuthProvider; link: AccountLink }> {
  const provider = await findAuthProviderBySuffix(db, suffix);
  if (!provider) throw new AppError('authorization_provider_not_found', told(suffix));
  const link = await findLinkOf(db, accountId);
  if (!link) throw new AppError('authorization_not_linked', { suffix });
  if (!canonicalOrigin(provider.authorizeEndpointUrl).ok) {
    throw new AppError('authorization_authorize_url_invalid', { suffix });
  }
  const decision = await egress.check(provider.tokenEndpointUrl);
  if (!decision.allowed) {
    const failure = new EgressFailure(refusalFact(decision));
    throw fromMicrosoft(fromEgressFact('token', failure.fact, failure), 'authorization', {
      called: provider.tokenEndpointUrl,
      suffix,
    });
  }
  return { provider, link };
}

/**
 * Begins a flow: stores the transaction and gives the authorize URL.
 * @throws AppError as requireReady
 */
export async function startAuthorization(
  services: FlowServices,
  request: FastifyRequest,
  reply: FastifyReply,
  flow: { readonly suffix: string; readonly accountId: string; readonly display: 'page' | 'popup' },
): Promise<string> {
  const { db, clients, now } = services;
  const { provider, link } = await requireReady(services, flow.suffix, flow.accountId);
  const client = await clients.of(provider, await readSettings(db));
  const nonce = randomBytes(18).toString('base64url');
  const { url, state } = await client.authorizeUrl(request, reply, { loginHint: link.microsoftAccount, nonce });
  await saveTransaction(db, {
    stateHash: hashToken(state),
    accountId: flow.accountId,
    providerId: provider.id,
    nonce,
    display: flow.display,
    expiresAt: new Date(now().getTime() + transactionLifeMs),
  });
  return url;
}

/** Whether this browser began a flow that has not ended yet. The cookie alone proves nothing: anybody can invent one. */
export async function isInFlow({ db }: Services, request: FastifyRequest): Promise<boolean> {
  const state = request.cookies[stateCookie];
  if (!state) return false;
  const transaction = await findTransaction(db, hashToken(state));
  return transaction !== null && transaction.consumedAt === null;
}

/**
 * Finds the transaction of a callback and consumes it. Each check that fails is an attack or an accident that must not
 * reach the token endpoint.
 * @throws AppError authorization_state_invalid, authorization_state_expired
 */
export async function takeTransaction(
  { db, now }: Services,
  request: FastifyRequest,
  suffix: string,
  query: CallbackQuery,
): Promise<{ transaction: AuthorizationTransaction; provider: AuthProvider }> {
  const invalid = () => new AppError('authorization_state_invalid', told(suffix));
  const { state } = query;
  // A repeated parameter arrives as an array, and is refused with whatever else is no text.
  if (typeof state !== 'string' || state === '') throw invalid();
  const transaction = await findTransaction(db, hashToken(state));
  if (!transaction || transaction.consumedAt !== null) throw invalid();
  // Another browser than the one that started does not have the cookie.
  if (request.cookies[stateCookie] !== state) throw invalid();
  const provider = await findAuthProviderBySuffix(db, suffix);
  if (provider?.id !== transaction.providerId) throw invalid();
  const owner = request.viewer?.id;
  // A pop-up of an embedded portlet has no session of its own; whoever has one must be the user who started.
  if (owner === undefined ? transaction.display !== 'popup' : owner !== transaction.accountId) throw invalid();
  if (!(await consumeTransaction(db, transaction.stateHash, now()))) throw invalid();
  if (transaction.expiresAt <= now()) throw new AppError('authorization_state_expired', { suffix });
  // RFC 9207: keeps the code of one server from being sent to another. Entra does not send `iss`; then 発行者 stays empty.
  if (provider.issuer !== null && query.iss !== provider.issuer) {
    throw new AppError('authorization_issuer_mismatch', { suffix });
  }
  return { transaction, provider };
}

/**
 * Ends a flow: redeems the code, finds out who signed in, and stores the grant, or on a mismatch only who it was.
 * One budget covers all of it.
 * @throws AppError with a code of the authorization area
 */
export async function finishAuthorization(
  services: FlowServices,
  request: FastifyRequest,
  reply: FastifyReply,
  flow: {
    readonly transaction: AuthorizationTransaction;
    readonly provider: AuthProvider;
    readonly query: CallbackQuery;
  },
): Promise<Authorized> {
  const { db, clients } = services;
  const { transaction, provider, query } = flow;
  const suffix = provider.urlSuffix;
  const settings = await readSettings(db);
  const deadline = startDeadline(settings.totalTimeoutSeconds * 1000);
  if (query.error !== undefined) throw fromRedirectError(parseRedirectError(query), suffix);
  if (typeof query.code !== 'string' || query.code === '')
    throw new AppError('authorization_state_invalid', { suffix });
  // Without the verifier there is no proof that this browser started; the token endpoint would refuse it anyway.
  if (!request.cookies[verifierCookie]) throw new AppError('authorization_state_invalid', { suffix });
  // Both may have changed while the user was at Microsoft.
  const { link } = await requireReady(services, suffix, transaction.accountId);

  let tokens: TokenReply;
  try {
    const client = await clients.of(provider, settings);
    tokens = await client.redeemCode(request, reply, deadline);
  } catch (error) {
    if (!(error instanceof MicrosoftFailure)) throw error;
    throw fromMicrosoft(error, 'authorization', {
      called: provider.tokenEndpointUrl,
      suffix,
      secretExpiresOn: provider.consumerSecretExpiresOn,
    });
  }
  const identified = await identify(services, { tokens, link, provider, settings, nonce: transaction.nonce, deadline });
  if (identified.judgement.verdict === 'other') {
    const authorizedAccount = await recordMismatch(services, request, { transaction, provider, link, identified });
    throw new AppError(isPersonalAlias(authorizedAccount) ? 'authorization_alias_account' : 'authorization_mismatch', {
      suffix,
      linkedAccount: link.microsoftAccount,
      authorizedAccount,
    });
  }
  if (tokens.refreshToken === undefined) throw new AppError('authorization_refresh_token_missing', { suffix });
  await storeGrant(services, request, {
    transaction,
    provider,
    link,
    identified,
    tokens: { ...tokens, refreshToken: tokens.refreshToken },
  });
  return { hint: identified.judgement.hint };
}

/** The name that a personal account has inside where its sign-in name is an address outside Microsoft. */
function isPersonalAlias(microsoftAccount: string): boolean {
  return /^outlook_[\da-f]+@outlook\.com$/i.test(microsoftAccount);
}

interface Ended {
  readonly transaction: AuthorizationTransaction;
  readonly provider: AuthProvider;
  readonly link: AccountLink;
  readonly identified: Identified;
}

/** Keeps who signed in instead of the linked account, and no token. */
async function recordMismatch(
  { db, now }: Services,
  request: FastifyRequest,
  { transaction, provider, link, identified }: Ended,
): Promise<string> {
  const { accountId } = transaction;
  const { userPrincipalName, tenantId, objectId } = identified.signedIn;
  const microsoftAccount = userPrincipalName ?? objectId ?? '?';
  await inTransaction(db, async (tx) => {
    await replaceGrant(tx, {
      id: randomUUID(),
      accountId,
      providerId: provider.id,
      status: 'mismatch',
      sealedTokens: null,
      accessExpiresAt: null,
      microsoftAccount,
      tenantId: tenantId ?? null,
      objectId: objectId ?? null,
      verifiedLinkKey: null,
      refutedLinkKey: link.microsoftAccountKey,
      authorizedAt: now(),
      refreshedAt: now(),
    });
    await deleteKeptMail(tx, accountId);
    await audit(tx, request, 'authorization_mismatch', {
      kind: 'account_link',
      id: link.id,
      name: link.microsoftAccount,
      changes: [{ field: 'authorizedAccount', from: null, to: microsoftAccount }],
    });
  });
  return microsoftAccount;
}

async function storeGrant(
  services: Services,
  request: FastifyRequest,
  ended: Ended & { readonly tokens: TokenReply & { readonly refreshToken: string } },
): Promise<void> {
  const { db, now } = services;
  const { transaction, provider, link, identified, tokens } = ended;
  const { accountId } = transaction;
  const { userPrincipalName, tenantId, objectId } = identified.signedIn;
  const id = randomUUID();
  const { accessToken, refreshToken } = tokens;
  await inTransaction(db, async (tx) => {
    await replaceGrant(tx, {
      id,
      accountId,
      providerId: provider.id,
      status: 'authorized',
      sealedTokens: sealTokens(services, id, { accessToken, refreshToken }),
      accessExpiresAt: accessExpiry(services, tokens),
      microsoftAccount: userPrincipalName ?? link.microsoftAccount,
      tenantId: tenantId ?? null,
      objectId: objectId ?? null,
      verifiedLinkKey: link.microsoftAccountKey,
      refutedLinkKey: null,
      authorizedAt: now(),
      refreshedAt: now(),
    });
    if (objectId !== undefined) await pinIdentity(tx, link, { tenantId: tenantId ?? null, objectId });
    await deleteKeptMail(tx, accountId);
    await audit(tx, request, 'authorization_granted', {
      kind: 'account_link',
      id: link.id,
      name: userPrincipalName ?? link.microsoftAccount,
    });
  });
}
