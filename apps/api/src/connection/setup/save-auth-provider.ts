import { randomUUID } from 'node:crypto';
import type { BodyOf } from '@argus/contract/endpoint-map';
import type { Acting } from '../../accounts/acting.ts';
import { requireProof } from '../../accounts/reauthentication.ts';
import { audit, changedFields } from '../../audit/audit.ts';
import type { AuditChange } from '../../audit/records/audit-events.ts';
import { type Db, uniqueViolation } from '../../platform/database/db.ts';
import { AppError, invalidFields, takenFields } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import {
  type AuthProvider,
  consumerSecretPlace,
  createAuthProvider,
  findAuthProvider,
  type StoredSecret,
  updateAuthProvider,
} from '../records/auth-providers.ts';
import { forgetTokenWaits } from '../records/grant-waits.ts';
import { endPausesOfClient, suspendMovedGrants } from '../records/moved-grants.ts';
import { readSettings } from '../records/settings.ts';
import { boundPlace, moveOf, originOf } from '../usable-grant.ts';
import { guardConnection } from './guard-connection.ts';
import { type ParsedAuthProvider, parseAuthProvider } from './parse-auth-provider.ts';

const auditedFields = [
  'name',
  'urlSuffix',
  'consumerKey',
  'authorizeEndpointUrl',
  'tokenEndpointUrl',
  'issuer',
  'defaultScopes',
  'resource',
  'clientAuthentication',
  'consumerSecretExpiresOn',
  'unfinished',
] as const;

/** Creates a provider as a form says. @throws AppError request_invalid, reauthentication_needed */
export async function createByForm(
  tx: Db,
  services: Pick<Services, 'now' | 'vault'>,
  by: Acting,
  body: BodyOf<'POST /api/admin/auth-providers'>,
): Promise<AuthProvider> {
  const parsed = parseAuthProvider(body, { mayBeUnfinished: true });
  const id = randomUUID();
  const created = await guardConnection(tx, by, () =>
    createAuthProvider(tx, id, { ...parsed.fields, ...newSecret(services, id, parsed) }),
  );
  await audit(tx, by, 'auth_provider_created', {
    kind: 'auth_provider',
    id,
    name: created.name,
    changes: changesOf(null, created, parsed),
  });
  return created;
}

/**
 * Changes a provider as a form says. Who fixes something sees at once whether it helped: what waited for it is tried again.
 * @throws AppError not_found, record_changed, request_invalid, reauthentication_needed
 */
export async function changeByForm(
  tx: Db,
  services: Pick<Services, 'now' | 'vault'>,
  by: Acting,
  id: string,
  body: BodyOf<'PUT /api/admin/auth-providers/:id'>,
): Promise<AuthProvider> {
  const before = await findAuthProvider(tx, id);
  if (!before) throw new AppError('not_found');
  if (before.version !== body.version) throw new AppError('record_changed');
  const parsed = parseAuthProvider(body, { mayBeUnfinished: before.unfinished });
  const from = originOf(before.tokenEndpointUrl);
  const hasSecret = before.sealedConsumerSecret !== null;
  if (hasSecret && parsed.consumerSecret === undefined && originOf(parsed.fields.tokenEndpointUrl) !== from) {
    throw invalidFields([{ field: 'consumerSecret', code: 'secret_for_new_origin', values: { origin: from } }]);
  }
  const after = await guardConnection(tx, by, () =>
    updateAuthProvider(tx, id, body.version, {
      ...parsed.fields,
      ...newSecret(services, id, parsed),
      // A new secret or date restarts the expiry warnings.
      ...(expiryDiffers(before, parsed) ? { secretWarnedDays: null } : {}),
    }),
  );
  if (!after) throw new AppError('record_changed');
  // Without a new secret, a later date only keeps administrators from being warned.
  if (parsed.consumerSecret === undefined && isLater(before.consumerSecretExpiresOn, after.consumerSecretExpiresOn))
    requireProof(by.hasProved);
  await audit(tx, by, 'auth_provider_changed', {
    kind: 'auth_provider',
    id,
    name: after.name,
    changes: changesOf(before, after, parsed),
  });
  await forgetTokenWaits(tx, id);
  if (after.consumerKey !== before.consumerKey) await endPausesOfClient(tx, id, after.consumerKey, services.now());
  const move = before.unfinished ? null : moveOf(before.tokenEndpointUrl, after.tokenEndpointUrl);
  if (move) await moveTokenEndpoint(tx, services.now(), by, after, move);
  return after;
}

/** Applies the move of a token endpoint to another origin or tenant: grants made for the old one are suspended. */
async function moveTokenEndpoint(
  tx: Db,
  now: Date,
  by: Acting,
  provider: AuthProvider,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const { id, name } = provider;
  const place = boundPlace({ provider, settings: await readSettings(tx) });
  const suspended = await suspendMovedGrants(tx, now, { providerId: id, ...place });
  await audit(tx, by, 'token_endpoint_moved', {
    kind: 'auth_provider',
    id,
    name,
    changes: [
      { field: 'tokenEndpointUrl', from, to },
      { field: 'suspendedGrants', from: null, to: String(suspended) },
    ],
  });
}

/**
 * The columns of a new secret, sealed to this provider and token endpoint. None where the form has no secret: what is stored stays, and
 * a value that was only read must not be written back, as `pnpm reseal` may have replaced it since.
 */
function newSecret(
  { now, vault }: Pick<Services, 'now' | 'vault'>,
  id: string,
  { consumerSecret, fields }: ParsedAuthProvider,
): Partial<StoredSecret> {
  if (consumerSecret === undefined) return {};
  const secretOrigin = originOf(fields.tokenEndpointUrl);
  return {
    sealedConsumerSecret: vault.seal(consumerSecret, consumerSecretPlace(id, secretOrigin)),
    secretOrigin,
    consumerSecretSetAt: now(),
  };
}

/** Runs a write of a provider; a suffix that another provider has becomes an error at its field. */
export async function refusingTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (uniqueViolation(error)) throw takenFields([{ field: 'urlSuffix', code: 'suffix_taken' }]);
    throw error;
  }
}

/** The changes for the audit log; of the secret only that it was set. */
function changesOf(
  before: AuthProvider | null,
  after: AuthProvider,
  { consumerSecret }: ParsedAuthProvider,
): AuditChange[] {
  const readable = (provider: AuthProvider) => ({
    ...provider,
    consumerSecretExpiresOn: dateText(provider.consumerSecretExpiresOn),
  });
  const nothing = Object.fromEntries(auditedFields.map((field) => [field, null])) as Record<
    (typeof auditedFields)[number],
    null
  >;
  const changes = changedFields(before ? readable(before) : nothing, readable(after), auditedFields);
  // Not by the sealed values: a reseal changes them as well.
  if (consumerSecret !== undefined) {
    const mask = '••••••••';
    changes.push({ field: 'consumerSecret', from: before?.sealedConsumerSecret ? mask : null, to: mask });
  }
  return changes;
}

function expiryDiffers(before: AuthProvider, { consumerSecret, fields }: ParsedAuthProvider): boolean {
  return (
    consumerSecret !== undefined ||
    dateText(before.consumerSecretExpiresOn) !== dateText(fields.consumerSecretExpiresOn)
  );
}

function isLater(before: Date | null, after: Date | null): boolean {
  return before !== null && (after === null || after > before);
}

/** A date as text (2027-05-20). */
export function dateText(date: Date | null): string | null {
  return date?.toISOString().slice(0, 10) ?? null;
}
