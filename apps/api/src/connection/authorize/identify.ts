import { accountKey } from '@argus/contract/account-key';
import type { Deadline } from '@argus/egress/deadline';
import type { TokenReply } from '@argus/microsoft/entra';
import { MicrosoftFailure } from '@argus/microsoft/fact';
import { graphRootOf } from '@argus/microsoft/graph';
import { readMe } from '@argus/microsoft/identity';
import { readIdToken } from '@argus/microsoft/read-id-token';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { fromMicrosoft } from '../from-microsoft.ts';
import { graphCallWith } from '../graph/call-graph.ts';
import { type Judgement, judgeAccount, type SignedIn } from '../judge-account.ts';
import type { AccountLink } from '../records/account-links.ts';
import type { AuthProvider } from '../records/auth-providers.ts';
import type { Settings } from '../records/settings.ts';
import { whatIsKnown } from '../what-is-known.ts';

export interface Identified {
  readonly signedIn: SignedIn;
  readonly judgement: Exclude<Judgement, { verdict: 'unknown' }>;
}

/**
 * Finds out who signed in and whether that is the linked account.
 *
 * Until the link is pinned, only Graph's /me decides, for the account and against it: names in an id_token (`preferred_username`,
 * `unique_name`) are not identifiers, as the account's owner may choose them and an alternate login id differs. While /me cannot be asked,
 * nobody knows. Once it is pinned, the id_token's `tid` and `oid` decide, for
 * which its issuer vouches.
 * @throws AppError authorization_identity_unconfirmed, authorization_tenant_mismatch, authorization_timeout … @see
 * https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
 */
export async function identify(
  services: Services,
  call: {
    readonly tokens: TokenReply;
    readonly link: AccountLink;
    readonly provider: AuthProvider;
    readonly settings: Settings;
    readonly nonce: string;
    readonly deadline: Deadline;
  },
): Promise<Identified> {
  const { link } = call;
  const fromToken = claimsOf(services, call);
  if (fromToken && link.pinnedObjectId !== null) {
    const judgement = judgeAccount(link, fromToken);
    if (judgement.verdict === 'linked') return { signedIn: fromToken, judgement };
    if (judgement.verdict === 'other') return { signedIn: await nameOfOther(services, call, fromToken), judgement };
  }
  const me = await readOwnAccount(services, call);
  const signedIn: SignedIn = {
    tenantId: fromToken?.tenantId,
    objectId: me.objectId,
    userPrincipalName: me.userPrincipalName,
  };
  const judgement = judgeAccount(link, signedIn);
  if (judgement.verdict !== 'unknown') return { signedIn, judgement };
  throw new AppError('authorization_identity_unconfirmed', { suffix: call.provider.urlSuffix });
}

/**
 * An account other than the pinned one, under a name that may be shown. A name in an id_token that resembles the link's
 * is only believed if Graph's /me gives it for the same account: an administrator who reads that the linked account was
 * created again may accept it.
 */
async function nameOfOther(
  services: Services,
  call: Parameters<typeof identify>[1],
  fromToken: SignedIn,
): Promise<SignedIn> {
  const { userPrincipalName, objectId } = fromToken;
  if (userPrincipalName === undefined || accountKey(userPrincipalName) !== call.link.microsoftAccountKey) {
    return fromToken;
  }
  const { userPrincipalName: _, ...unnamed } = fromToken;
  try {
    const me = await readOwnAccount(services, call);
    return me.objectId === objectId ? { ...unnamed, userPrincipalName: me.userPrincipalName } : unnamed;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return unnamed;
  }
}

function claimsOf(
  services: Services,
  { tokens, provider, nonce }: { tokens: TokenReply; provider: AuthProvider; nonce: string },
): SignedIn | undefined {
  if (tokens.idToken === undefined) return undefined;
  const reading = readIdToken(tokens.idToken, {
    audience: provider.consumerKey,
    nonce,
    now: services.now().getTime(),
    tokenEndpointUrl: provider.tokenEndpointUrl,
  });
  if (reading.ok) return reading.account;
  const isForeign = reading.reason === 'tenant' || reading.reason === 'issuer';
  throw new AppError(isForeign ? 'authorization_tenant_mismatch' : 'authorization_identity_unconfirmed', {
    suffix: provider.urlSuffix,
  });
}

async function readOwnAccount(
  services: Services,
  call: { tokens: TokenReply; provider: AuthProvider; settings: Settings; deadline: Deadline },
) {
  const { settings, provider, deadline } = call;
  const graphRoot = graphRootOf(settings.mailUrl);
  if (graphRoot === undefined) {
    throw new AppError('authorization_identity_unconfirmed', { suffix: provider.urlSuffix });
  }
  try {
    // These tokens belong to no grant yet.
    return await readMe({ ...graphCallWith(services, call.tokens.accessToken, { settings, deadline }), graphRoot });
  } catch (error) {
    if (!(error instanceof MicrosoftFailure)) throw error;
    const known = whatIsKnown({ settings, provider });
    throw fromMicrosoft(error, 'authorization', { called: graphRoot, suffix: provider.urlSuffix, known });
  }
}
