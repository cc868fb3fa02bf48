import type { DoctorStepId } from '@argus/contract/endpoints/diagnosis';
import { codeOf } from '@argus/contract/errors/public-code';
import { EgressFailure, refusalFact } from '@argus/egress/egress-failure';
import { plainAuthorizeUrl, scopesOf } from '../connection/oauth/authorization-request.ts';
import { authorizeUrlFault } from '../connection/oauth/authorize-url.ts';
import { findLinkOf } from '../connection/records/account-links.ts';
import { findRemoteSiteByOrigin } from '../connection/records/remote-sites.ts';
import { AppError } from '../platform/problems/app-error.ts';
import { type DoctorCase, errorOf, fact, type Side, urlOf } from './doctor-case.ts';
import { cannotCheck, type Examiner, failed, ok } from './examination.ts';

/** Argus's own configuration: suffix, provider, remote sites, link. Makes no call. */
export function configurationExaminers(examined: DoctorCase): readonly Examiner[] {
  const { services, settings, account, purpose } = examined;
  const suffix = settings.authProviderUrlSuffix;
  const providerNotFound = () => failed(new AppError(codeOf(purpose, 'provider_not_found'), { suffix }));

  return [
    {
      id: 'suffix',
      needs: [],
      async examine({ note }) {
        if (suffix === '') return providerNotFound();
        note(fact('suffix', suffix));
        return ok;
      },
    },
    {
      id: 'provider',
      needs: ['suffix'],
      async examine({ note }) {
        const provider = await examined.findProvider();
        if (!provider) return providerNotFound();
        examined.provider = provider;
        note(fact('provider', provider.name));
        return ok;
      },
    },
    {
      id: 'authorize_url',
      needs: ['provider'],
      async examine({ note }) {
        const { provider } = examined;
        if (!provider || authorizeUrlFault(provider.authorizeEndpointUrl) !== null) {
          return failed(new AppError('authorization_authorize_url_invalid', { suffix }));
        }
        note(fact('authorizeUrl', plainAuthorizeUrl(provider, services.config.http.publicUrl)));
        const scopes = scopesOf(provider);
        if (scopes.length === 0 && provider.resource === null) {
          return failed(new AppError('authorization_scope_invalid', { suffix }));
        }
        // v1 endpoints take a resource, and issue a refresh token unasked.
        const lasts = provider.resource !== null || scopes.some((scope) => scope.toLowerCase() === 'offline_access');
        return lasts ? ok : failed(new AppError('authorization_refresh_token_missing', { suffix }));
      },
    },
    siteExaminer(examined, 'token_site', 'token', ['provider']),
    siteExaminer(examined, 'mail_site', 'mail', []),
    {
      id: 'link',
      needs: [],
      async examine({ note }) {
        if (account === null) return cannotCheck('no_user');
        const link = await findLinkOf(services.db, account.id);
        if (!link) return failed(new AppError('mail_not_linked', { suffix }));
        examined.link = link;
        note(fact('linkedAccount', link.microsoftAccount));
        return ok;
      },
    },
  ];
}

/** Whether the list of remote sites covers an endpoint. */
function siteExaminer(examined: DoctorCase, id: DoctorStepId, side: Side, needs: readonly DoctorStepId[]): Examiner {
  const { db, egress } = examined.services;
  return {
    id,
    needs,
    async examine({ note }) {
      const decision = await egress.check(urlOf(examined, side));
      if (decision.origin !== '') note(fact('origin', decision.origin));
      if (!decision.allowed) return failed(errorOf(examined, side, new EgressFailure(refusalFact(decision))));
      const site = await findRemoteSiteByOrigin(db, decision.origin);
      if (site) note(fact('siteName', site.name));
      return ok;
    },
  };
}
