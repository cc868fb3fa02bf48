import { lackOf } from '../connection/find-connection.ts';
import { storeFailure } from '../connection/graph/call-graph.ts';
import { findGrant, type Grant } from '../connection/records/grants.ts';
import { isRefused, isUsable, whyUnusable } from '../connection/usable-grant.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type DoctorCase, fact } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, notReached, ok } from './examination.ts';

/** 接続診断 words connection errors as mail does, for which it exists. */
export const purpose = 'mail';

/** The user's authorization: what is stored, and whether it still refreshes. */
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
        const lack = lackOf({ settings, suffix, provider, link, grant }, services.now());
        if (lack === 'not_authorized') return failed(new AppError('mail_not_authorized', { suffix }));
        note(fact('authorizedAccount', grant.microsoftAccount), fact('authorizedAt', grant.authorizedAt.toISOString()));
        // Another account authorized, and there is no token for it: account_match reports that.
        if (lack === 'other_account' && grant.status !== 'authorized') return cannotCheck('no_grant');
        if (isUsable(grant, provider, settings) || isRefused(grant, provider, settings)) return ok;
        // Suspended because an endpoint was moved: the new endpoint's own step reports its faults, and the user need
        // not act.
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
        if (!isUsable(grant, provider, settings) && !isRefused(grant, provider, settings))
          return cannotCheck(grant.sealedTokens === null ? 'no_grant' : 'suspended');
        // The reply is known in advance, and would only be stored as the grant's failure.
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

/** Whether the run continues: a failure during Argus's shutdown is not a finding. */
export function isUnderWay({ deadline, budget }: DoctorCase): boolean {
  return !deadline.expired || budget.expired;
}
