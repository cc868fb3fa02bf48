import { AppError } from '../app-error.ts';
import { fitOf, reconnectNeeded } from '../authorization-state.ts';
import { findGrant, type Grant, recordFailure } from '../records/grants.ts';
import { type DoctorCase, fact } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, notReached, ok } from './examination.ts';
import { runTokenCall } from './run-token-call.ts';

/** The user's authorization: what is stored of it, and whether it still refreshes. */
export function grantExaminers(examined: DoctorCase): readonly Examiner[] {
  const { services, settings, account } = examined;
  const suffix = settings.authProviderUrlSuffix;

  async function readGrant(): Promise<Grant | null> {
    const { provider } = examined;
    return account && provider ? findGrant(services.db, account.id, provider.id) : null;
  }

  return [
    {
      id: 'grant',
      needs: ['provider', 'link'],
      async examine({ note }) {
        if (account === null) return cannotCheck('no_user');
        const { link, provider } = examined;
        const grant = await readGrant();
        if (!grant || !link || !provider) return failed(new AppError('mail_not_authorized', { suffix }));
        examined.grant = grant;
        const differs = fitOf(link, grant) === 'differs';
        if (grant.status === 'mismatch' && grant.refutedLinkKey !== link.microsoftAccountKey) {
          return failed(new AppError('mail_not_authorized', { suffix }));
        }
        note(fact('authorizedAccount', grant.microsoftAccount), fact('authorizedAt', grant.authorizedAt.toISOString()));
        // Another account, of which there is no token: account_match says so.
        if (differs && grant.status !== 'authorized') return cannotCheck('no_grant');
        return grant.status === 'authorized' ? ok : failed(reconnectNeeded(grant, provider, settings));
      },
    },
    {
      id: 'refresh',
      needs: ['token_endpoint', 'grant'],
      async examine({ note, timed }) {
        const { grant, provider, secret } = examined;
        if (account === null) return cannotCheck('no_user');
        if (!provider || grant?.status !== 'authorized') return cannotCheck('no_grant');
        // The reply is known, and would only be held against the authorization.
        if (secret?.verdict === 'rejected') return notReached;
        try {
          await timed(() =>
            runTokenCall(examined, (request) => services.tokens.renew({ ...request, grant, provider })),
          );
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          await noteFailure(examined, error);
          return failed(error);
        }
        const renewed = await readGrant();
        if (!renewed) return failed(new AppError('mail_not_authorized', { suffix }));
        examined.grant = renewed;
        if (renewed.accessExpiresAt) note(fact('tokenExpiresAt', renewed.accessExpiresAt.toISOString()));
        return ok;
      },
    },
  ];
}

/** Whether Microsoft asks to be left alone, whatever the catalogue calls it. */
export function asksForPatience({ params }: AppError): boolean {
  return params.status === 429;
}

/** Keeps on the grant what went wrong, as the portlet does: it shows the user why, and leaves Microsoft alone meanwhile. */
export async function noteFailure(examined: DoctorCase, error: AppError): Promise<void> {
  const { services, grant, deadline, budget } = examined;
  // Broken off since Argus stops: that is nobody's failure.
  if (!grant || (deadline.expired && !budget.expired)) return;
  const { now, db } = services;
  const { retryAfterSeconds } = error.params;
  const throttled = asksForPatience(error) && retryAfterSeconds !== undefined;
  await recordFailure(db, grant.id, {
    code: error.code,
    at: now(),
    throttledUntil: throttled ? new Date(now().getTime() + retryAfterSeconds * 1000) : undefined,
  });
}
