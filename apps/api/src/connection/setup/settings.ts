import type { BodyOf } from '@argus/contract/endpoint-map';
import type { SettingsView } from '@argus/contract/endpoints/connection/setup';
import type { Language } from '@argus/contract/language';
import { folderUrlOf } from '@argus/microsoft/messages-url';
import type { FastifyInstance } from 'fastify';
import { type Acting, actingBy } from '../../accounts/acting.ts';
import { requireProof } from '../../accounts/reauthentication.ts';
import { changeAs } from '../../accounts/standing-access.ts';
import { audit, changedFields } from '../../audit/audit.ts';
import { hasEver } from '../../audit/records/audit-events.ts';
import type { Db } from '../../platform/database/db.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { isSuffixUnfinished, listFinishedProviders } from '../records/auth-providers.ts';
import { readConnector } from '../records/connector.ts';
import { forgetThrottling } from '../records/grant-waits.ts';
import { listRemoteSites } from '../records/remote-sites.ts';
import { readSettings, type Settings, updateSettings } from '../records/settings.ts';
import { originOf } from '../usable-grant.ts';
import { coveredOrigins } from './covered-origins.ts';
import { guardConnection, suspendByEndpoints } from './guard-connection.ts';
import { parseSettings } from './parse-settings.ts';
import { coverageWarnings, resolutionWarnings, scopeWarnings, warning } from './warnings.ts';

const auditedFields = [
  'mailUrl',
  'authProviderUrlSuffix',
  'mailCount',
  'unreadOnly',
  'previewEnabled',
  'refreshIntervalSeconds',
  'connectTimeoutSeconds',
  'totalTimeoutSeconds',
  'errorRetentionDays',
  'noSuccessHours',
  'signInHelp',
] as const;

/** How many suffixes are named where none is the typed one: usually it is a slip of one of them. */
const mostSuffixes = 5;

/** 基本設定 */
export async function settingsRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, now } = services;

  endpoint(app, 'GET /api/admin/settings', async ({ request }) =>
    settingsView(services, await readSettings(db), request.language),
  );

  endpoint(app, 'PUT /api/admin/settings', async ({ body, request }) => {
    const by = actingBy(request, now());
    const settings = await changeAs(db, by.access, (tx) => changeSettings(tx, now(), by, body));
    const view = await settingsView(services, settings, request.language);
    const mailUrl = { field: 'mailUrl', url: settings.mailUrl };
    return {
      ...view,
      warnings: [...view.warnings, ...(await resolutionWarnings([mailUrl], services.egress, request.language))],
    };
  });
}

/**
 * Changes 基本設定 as the form says.
 * @throws AppError request_invalid, record_changed, reauthentication_needed
 */
export async function changeSettings(
  tx: Db,
  now: Date,
  by: Acting,
  body: BodyOf<'PUT /api/admin/settings'>,
): Promise<Settings> {
  const change = parseSettings(body);
  const before = await readSettings(tx);
  if (before.version !== body.version) throw new AppError('record_changed');
  const from = originOf(before.mailUrl);
  const to = originOf(change.mailUrl);
  const after = await guardConnection(tx, by, () => updateSettings(tx, body.version, change));
  if (!after) throw new AppError('record_changed');
  // Everybody who is about to type a password reads it.
  if (after.signInHelp !== before.signInHelp || tellsLess(before, after)) requireProof(by.hasProved);
  if (after.mailUrl !== before.mailUrl) await forgetThrottling(tx);
  if (to !== from) {
    const suspended = await suspendByEndpoints(tx, now, after);
    if (await hasEver(tx, 'authorization_granted')) {
      await audit(tx, by, 'mail_url_moved', {
        kind: 'settings',
        changes: [
          { field: 'mailUrl', from, to },
          { field: 'suspendedGrants', from: null, to: String(suspended) },
        ],
      });
    }
  }
  await audit(tx, by, 'settings_changed', {
    kind: 'settings',
    changes: changedFields(before, after, auditedFields),
  });
  return after;
}

/** Whether administrators are to be told of less, or for a shorter time: who means harm would begin with that. */
function tellsLess(before: Settings, after: Settings): boolean {
  const hours = ({ noSuccessHours }: Settings) => (noSuccessHours === 0 ? Number.POSITIVE_INFINITY : noSuccessHours);
  return after.errorRetentionDays < before.errorRetentionDays || hours(after) > hours(before);
}

async function settingsView({ config, db }: Services, settings: Settings, language: Language): Promise<SettingsView> {
  const { provider } = await readConnector(db, settings);
  const sites = await listRemoteSites(db);
  const coverage = coveredOrigins([{ field: 'mailUrl', url: settings.mailUrl }], sites, config, language);
  const warnings = coverageWarnings(coverage, language);
  if (folderUrlOf(settings.mailUrl) === undefined) warnings.push(warning('mailUrl', 'mail_url_unusual', language));
  if (!provider) {
    const isUnfinished = await isSuffixUnfinished(db, settings.authProviderUrlSuffix);
    const others = (await listFinishedProviders(db)).map(({ urlSuffix }) => urlSuffix);
    const code = isUnfinished ? 'suffix_unfinished' : others.length > 0 ? 'suffix_other' : 'suffix_unknown';
    const suffixes = others.slice(0, mostSuffixes).join(language === 'ja' ? '、' : ', ');
    warnings.push(warning('authProviderUrlSuffix', code, language, { suffixes }));
  } else warnings.push(...scopeWarnings('previewEnabled', provider, settings, language));
  return { ...settings, updatedAt: settings.updatedAt.toISOString(), coverage, warnings };
}
