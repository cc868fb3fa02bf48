import type { FastifyInstance } from 'fastify';
import type { World } from '../world.ts';
import { adminConsentPage } from './authorize-pages.ts';
import { declined, errorParameters, redirectUrl, requireRedirectUri } from './authorize-request.ts';
import { guard } from './authorize-routes.ts';
import { checkApp, resolveTenant } from './check-client.ts';
import { EntraError, missingParameter, newErrorIds } from './entra-error.ts';
import { sendPage } from './page-frame.ts';
import { everybody, parseScopes } from './scopes.ts';
import { readForm } from './token-routes.ts';

/**
 * Consent of an administrator for the whole tenant. Whoever opens the page counts as an administrator.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function registerAdminConsentRoutes(app: FastifyInstance, world: World): void {
  for (const [version, url] of [
    [2, '/:tenant/v2.0/adminconsent'],
    [1, '/:tenant/adminconsent'],
  ] as const) {
    app.get<{ Params: { tenant: string } }>(url, (request, reply) =>
      guard(world, request, reply, () => {
        const asked = readRequest(version, request.params.tenant, readForm(request.query));
        return sendPage(reply, 200, adminConsentPage(world, asked.scopes, request.url));
      }),
    );
  }
  app.post('/adminconsent', (request, reply) =>
    guard(world, request, reply, () => {
      const form = readForm(request.body);
      const target = /^\/([^/?]+)\/(v2\.0\/)?adminconsent\?(.*)$/i.exec(form.request ?? '');
      if (target === null) throw new EntraError('invalid_request', 90014, "The required field 'request' is missing.");
      const query = Object.fromEntries(new URLSearchParams(target[3]));
      const asked = readRequest(target[2] === undefined ? 1 : 2, decodeURIComponent(target[1] ?? ''), query);
      const to = { redirectUri: asked.redirectUri, responseMode: 'query', state: query.state } as const;
      const state = query.state === undefined ? {} : { state: query.state };
      if (form.decision !== 'accept') {
        const ids = newErrorIds(world, request.headers['client-request-id']);
        const refusal = errorParameters(declined(to), ids);
        return reply.redirect(redirectUrl(to, { ...refusal, admin_consent: 'True' }), 302);
      }
      const given = world.state.consents[everybody] ?? [];
      world.state.consents[everybody] = [...new Set([...given, ...asked.scopes])];
      world.changed();
      const granted = { admin_consent: 'True', tenant: world.state.tenant.id, ...state };
      return reply.redirect(redirectUrl(to, granted), 302);
    }),
  );

  function readRequest(version: 1 | 2, tenant: string, query: Record<string, string>) {
    resolveTenant(world, tenant);
    if (/^(common|consumers)$/i.test(tenant)) {
      throw new EntraError('invalid_request', 90009, 'Use a tenant-specific or the organizations endpoint.');
    }
    if (!query.client_id) throw missingParameter('client_id');
    checkApp(world, query.client_id, tenant);
    const redirectUri = requireRedirectUri(world, query.redirect_uri);
    if (version === 2 && !query.scope?.trim()) throw missingParameter('scope');
    // v1 consents to what the app registration lists.
    const scopes = version === 2 ? parseScopes(world, query.scope ?? '') : world.state.app.delegatedPermissions;
    return { redirectUri, scopes };
  }
}
