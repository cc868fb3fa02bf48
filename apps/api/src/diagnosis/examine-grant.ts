import { lackOf } from '../connection/find-connection.ts';
import { storeFailure } from '../connection/graph/call-graph.ts';
import { findGrant, type Grant } from '../connection/records/grants.ts';
import { isUsable, whyUnusable } from '../connection/usable-grant.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type DoctorCase, fact } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, notReached, ok } from './examination.ts';

/** 接続診断 speaks of the connection in the words of mail, for which it is there. */
export const purpose = 'mail';

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
      async examine({ note, finding }) {
        if (account === null) return cannotCheck('no_user');
        const { link, provider, deadline } = examined;
        const grant = await readGrant();
        if (!grant || !link || !provider) return failed(new AppError('mail_not_authorized', { suffix }));
        examined.grant = grant;
        const lack = lackOf({ settings, suffix, provider, link, grant });
        if (lack === 'not_authorized') return failed(new AppError('mail_not_authorized', { suffix }));
        note(fact('authorizedAccount', grant.microsoftAccount), fact('authorizedAt', grant.authorizedAt.toISOString()));
        // Another account, of which there is no token: account_match says so.
        if (lack === 'other_account' && grant.status !== 'authorized') return cannotCheck('no_grant');
        if (isUsable(grant, provider, settings)) return ok;
        // Suspended, as an endpoint was moved: a fault of the new one is reported by its own step, and mended without the user.
        const hosts = grant.sealedTokens === null ? [] : await Promise.all([finding('token_tls'), finding('mail_tls')]);
        if (hosts.some(({ state }) => state !== 'ok' && state !== 'cannot_check')) return cannotCheck('suspended');
        return failed(await whyUnusable(services, { purpose, grant, provider, settings, deadline }));
      },
    },
    {
      id: 'refresh',
      needs: ['token_endpoint', 'grant'],
      async examine({ note, timed }) {
        const { grant, provider, secret } = examined;
        if (account === null) return cannotCheck('no_user');
        if (!provider || !grant || grant.status === 'mismatch') return cannotCheck('no_grant');
        if (!isUsable(grant, provider, settings))
          return cannotCheck(grant.sealedTokens === null ? 'no_grant' : 'suspended');
        // The reply is known, and would only be held against the authorization.
        if (secret?.verdict === 'rejected') return notReached;
        try {
          await timed(() => services.tokens.renew({ purpose, grant, provider, settings, deadline: examined.deadline }));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          // As the portlet does: the user sees why, and Microsoft is not called meanwhile.
          if (isUnderWay(examined)) await storeFailure(services, grant, error);
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

/** Whether a run goes on: one that is interrupted as Argus stops has found no failure. */
export function isUnderWay({ deadline, budget }: DoctorCase): boolean {
  return !deadline.expired || budget.expired;
}
