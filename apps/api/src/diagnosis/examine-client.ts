import { graphResource } from '@argus/contract/clouds';
import { tenantOf } from '@argus/microsoft/entra-tenant';
import { MicrosoftFailure, type UpstreamFact } from '@argus/microsoft/fact';
import type { TokenCallIds } from '@argus/microsoft/token-request';
import type { AuthProvider } from '../connection/records/auth-providers.ts';
import { findGrant } from '../connection/records/grants.ts';
import { type DoctorCase, errorOf, fact, idFacts, type SecretVerdict } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, type Notes, ok } from './examination.ts';
import { purpose } from './examine-grant.ts';

/** The tenant in the path is missing or unknown (90002, 900023), or this app may not use a shared one (50194). */
const wrongTenant = new Set([90002, 900023, 50194]);
/** A shared tenant serves no client credentials; 90010 is the older number. */
const sharedTenantRefused = new Set([9001023, 90010]);
/** The consumer key is unknown in the tenant (700016, 70001), or its app is disabled (7000112). */
const wrongClient = new Set([700016, 70001, 7000112]);
const transient = new Set(['temporarily_unavailable', 'server_error']);

/** The token endpoint, and whether it accepts the consumer secret. */
export function clientExaminers(examined: DoctorCase): readonly Examiner[] {
  return [
    {
      id: 'token_endpoint',
      needs: ['token_tls'],
      async examine(notes) {
        const { provider, services, account } = examined;
        const grant = provider && account ? await findGrant(services.db, account.id, provider.id) : null;
        const paused = provider && (await services.tokens.whyPaused({ purpose, provider, grant: grant ?? undefined }));
        if (paused) return failed(paused);
        try {
          const ids = await askForToken(examined, notes);
          examined.secret = { verdict: 'accepted' };
          notes.note(...idFacts(ids));
          return ok;
        } catch (failure) {
          if (!(failure instanceof MicrosoftFailure)) throw failure;
          const upstream = failure.fact;
          const { status } = upstream;
          notes.note(...(status === undefined ? [] : [fact('status', String(status))]), ...idFacts(upstream));
          if (!answersAsTokenEndpoint(upstream)) {
            const said = errorOf(examined, 'token', failure);
            return failed(provider && grant ? await services.tokens.keepWait(grant, provider, said) : said);
          }
          examined.secret = judgeSecret(examined, failure);
          return ok;
        }
      },
    },
    {
      id: 'client_secret',
      needs: ['token_endpoint'],
      async examine({ note, finding }) {
        const { secret } = examined;
        if (secret?.verdict === 'accepted') {
          note(fact('evidence', 'client_credentials'));
          return ok;
        }
        if (secret?.verdict === 'rejected') return failed(secret.error);
        // Every refresh sends the secret as well.
        const refresh = await finding('refresh');
        if (refresh.state === 'ok') {
          note(fact('evidence', 'refresh_token'));
          return ok;
        }
        if (refresh.state === 'failed' && refresh.error.params.upstream?.oauthError === 'invalid_client') {
          return failed(refresh.error);
        }
        return cannotCheck(secret?.reason ?? 'reply_inconclusive');
      },
    },
  ];
}

/** Requests a token for the mail's own API; if the endpoint does not know that, for Microsoft Graph. */
async function askForToken(examined: DoctorCase, { timed }: Notes): Promise<TokenCallIds> {
  const { services, settings, deadline, provider } = examined;
  if (!provider) throw new Error('The provider is known by now.');
  const call = { provider, settings, deadline };
  const ask = (resource: string) => timed(() => services.tokenEndpoints.tryClientCredentials(call, resource));
  const own = provider.resource ?? originOf(settings.mailUrl);
  if (own === undefined) return ask(graphResource);
  return ask(own).catch(async (failure: unknown) => {
    // A wrong mail host must not hide a wrong secret.
    const unknownResource =
      failure instanceof MicrosoftFailure && /^invalid_(resource|scope)$/.test(failure.fact.oauthError ?? '');
    if (!unknownResource || !(await examined.isPresent())) throw failure;
    return ask(graphResource);
  });
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

const has = (numbers: ReadonlySet<number>, { errorCodes = [] }: UpstreamFact) =>
  errorCodes.some((code) => numbers.has(code));

/** Any OAuth error is an answer; a page, a 404, a busy server or an unknown tenant is not. */
function answersAsTokenEndpoint(upstream: UpstreamFact): boolean {
  const { kind, oauthError, status = 0 } = upstream;
  if (kind !== 'http' || oauthError === undefined || transient.has(oauthError)) return false;
  return status !== 404 && status !== 429 && status < 500 && !has(wrongTenant, upstream);
}

/** What an OAuth error reveals about the secret. A reply about something else proves nothing. */
function judgeSecret(examined: DoctorCase, failure: MicrosoftFailure): SecretVerdict {
  const { fact: upstream } = failure;
  if (upstream.oauthError === 'invalid_client' || has(wrongClient, upstream)) {
    return { verdict: 'rejected', error: errorOf(examined, 'token', failure) };
  }
  const shared = has(sharedTenantRefused, upstream) || isShared(examined.provider);
  return { verdict: 'unknown', reason: shared ? 'shared_tenant' : 'reply_inconclusive' };
}

/** Whether the token endpoint belongs to a shared tenant, as in /common/oauth2/v2.0/token. */
function isShared(provider: AuthProvider | undefined): boolean {
  return tenantOf(provider?.tokenEndpointUrl ?? '')?.kind === 'shared';
}
