import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import type { Language } from '@argus/contract/language';
import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { FastifyInstance } from 'fastify';
import { type Acting, actingBy } from '../../accounts/acting.ts';
import { requireProof } from '../../accounts/reauthentication.ts';
import { accessOf, changeAs } from '../../accounts/standing-access.ts';
import { audit, changedFields } from '../../audit/audit.ts';
import { type Database, type Db, uniqueViolation } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError, takenFields } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { listAlertChannels, tryAlertsAgain } from '../records/alert-channels.ts';
import { listAuthProviders } from '../records/auth-providers.ts';
import {
  createRemoteSite,
  deleteRemoteSite,
  findRemoteSite,
  findRemoteSiteByOrigin,
  listRemoteSites,
  type RemoteSite,
  type RemoteSiteChange,
  updateRemoteSite,
} from '../records/remote-sites.ts';
import { readSettings } from '../records/settings.ts';
import { coveredOrigins } from './covered-origins.ts';
import { parseRemoteSite } from './parse-remote-site.ts';
import { coverageWarnings, resolutionWarnings } from './warnings.ts';

const auditedFields = [
  'name',
  'url',
  'disableProtocolSecurity',
  'active',
  'description',
  'allowedAddressRanges',
] as const;

/** リモートサイト */
export async function remoteSiteRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now } = services;

  endpoint(app, 'GET /api/admin/remote-sites', async ({ request }) => ({
    items: await remoteSiteViews(services, await listRemoteSites(db), request.language),
  }));

  endpoint(app, 'GET /api/admin/remote-sites/:id', async ({ params, request }) => {
    const site = await findRemoteSite(db, params.id);
    if (!site) throw new AppError('not_found');
    return remoteSiteView(services, site, request.language);
  });

  endpoint(app, 'POST /api/admin/remote-sites', async ({ body, request }) => {
    const change = parseRemoteSite(body);
    const site = await refusingTaken(db, change, () =>
      changeAs(db, accessOf(request), async (tx) => {
        const created = await createRemoteSite(tx, change);
        const { id, name, url, allowedAddressRanges: ranges } = created;
        const changes = [
          { field: 'url', from: null, to: url },
          ...(ranges === '' ? [] : [{ field: 'allowedAddressRanges', from: null, to: ranges }]),
        ];
        if (created.active) await tryAlertsAgain(tx, created.origin);
        await audit(tx, request, 'remote_site_created', { kind: 'remote_site', id, name, changes });
        return created;
      }),
    );
    return savedView(site, request.language);
  });

  endpoint(app, 'PUT /api/admin/remote-sites/:id', async ({ params, body, request }) => {
    const change = parseRemoteSite(body);
    const by = actingBy(request, now());
    const site = await refusingTaken(db, change, () =>
      changeAs(db, by.access, async (tx) => {
        const before = await findRemoteSite(tx, params.id);
        if (!before) throw new AppError('not_found');
        if (before.version !== body.version) throw new AppError('record_changed');
        const after = await updateRemoteSite(tx, before.id, body.version, change);
        if (!after) throw new AppError('record_changed');
        if (allowsLess(before, after)) await guardAlerts(tx, by, before);
        if (after.active) await tryAlertsAgain(tx, after.origin);
        const { id, name } = after;
        const changes = changedFields(before, after, auditedFields);
        await audit(tx, request, 'remote_site_changed', { kind: 'remote_site', id, name, changes });
        return after;
      }),
    );
    return savedView(site, request.language);
  });

  endpoint(app, 'DELETE /api/admin/remote-sites/:id', async ({ params, request }) => {
    const by = actingBy(request, now());
    await changeAs(db, by.access, async (tx) => {
      const site = await findRemoteSite(tx, params.id);
      if (!site) throw new AppError('not_found');
      await guardAlerts(tx, by, site);
      await deleteRemoteSite(tx, site.id);
      const { id, name, url } = site;
      const changes = [{ field: 'url', from: url, to: null }];
      await audit(tx, request, 'remote_site_deleted', { kind: 'remote_site', id, name, changes });
    });
    return null;
  });

  /** The view after saving: it includes a DNS lookup, which no other page makes. */
  async function savedView(site: RemoteSite, language: Language): Promise<RemoteSiteView> {
    const view = await remoteSiteView(services, site, language);
    const url = { field: 'url', url: site.origin };
    return { ...view, warnings: [...view.warnings, ...(await resolutionWarnings([url], services.egress, language))] };
  }
}

/** Whether calls to a site that were allowed are not, or not to all of its addresses. */
function allowsLess(before: RemoteSite, after: RemoteSite): boolean {
  if (!after.active || after.origin !== before.origin) return true;
  if (before.disableProtocolSecurity && !after.disableProtocolSecurity) return true;
  const kept = new Set(after.allowedAddressRanges.split('\n'));
  return before.allowedAddressRanges.split('\n').some((range) => range !== '' && !kept.has(range));
}

/**
 * Guards that a site is left to no call any more. What it does to users is seen at once; but an alert that no longer arrives is missed by
 * nobody, so that needs the password, as changing where alerts go does.
 */
async function guardAlerts(tx: Db, by: Acting, { origin, active }: RemoteSite): Promise<void> {
  const isUsed = active && (await listAlertChannels(tx)).some((each) => each.active && each.origin === origin);
  if (isUsed) requireProof(by.hasProved);
}

/** Runs a write; a name or site that another entry has becomes an error at its field. */
async function refusingTaken<T>(db: Database, change: RemoteSiteChange, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const columns = uniqueViolation(error);
    if (!columns) throw error;
    if (!columns.includes('origin')) throw takenFields([{ field: 'name', code: 'name_taken' }]);
    const other = await findRemoteSiteByOrigin(db, change.origin);
    throw takenFields([{ field: 'url', code: 'site_taken', values: { name: other?.name ?? change.origin } }]);
  }
}

async function remoteSiteView(services: Services, site: RemoteSite, language: Language): Promise<RemoteSiteView> {
  const [view] = await remoteSiteViews(services, [site], language);
  if (!view) throw new AppError('not_found');
  return view;
}

async function remoteSiteViews(
  { config, db }: Services,
  sites: readonly RemoteSite[],
  language: Language,
): Promise<RemoteSiteView[]> {
  const { mailUrl } = await readSettings(db);
  const callers = [
    { kind: 'mail_url' as const, name: mailUrl, origin: originOf(mailUrl) },
    ...(await listAuthProviders(db)).map(({ name, tokenEndpointUrl }) => ({
      kind: 'token_endpoint' as const,
      name,
      origin: originOf(tokenEndpointUrl),
    })),
    ...(await listAlertChannels(db)).map(({ name, origin }) => ({ kind: 'alert' as const, name, origin })),
  ];
  return sites.map((site) => {
    const coverage = coveredOrigins([{ field: 'url', url: site.origin }], [site], config, language);
    const denied = coverage.filter(({ status }) => status === 'address_denied' || status === 'address_closed');
    return {
      ...site,
      updatedAt: site.updatedAt.toISOString(),
      usedBy: callers.filter(({ origin }) => origin === site.origin).map(({ kind, name }) => ({ kind, name })),
      warnings: coverageWarnings(denied, language),
    };
  });
}

function originOf(url: string): string | undefined {
  const read = canonicalOrigin(url);
  return read.ok ? read.origin : undefined;
}
