import type { World } from '../world.ts';
import { EntraError } from './entra-error.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const dnsName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;
const sharedTenants = new Set(['common', 'organizations', 'consumers']);

/** The tenant part of a URL: the company itself, or one of the shared names such as `common`. */
export type TenantChoice = 'own' | 'shared';

/** @throws EntraError 90002 (not found) or 900023 (neither a GUID nor a domain name) */
export function resolveTenant(world: World, text: string): TenantChoice {
  const wanted = text.toLowerCase();
  if (sharedTenants.has(wanted)) return 'shared';
  const { id, domain } = world.state.tenant;
  if (wanted === id.toLowerCase() || wanted === domain.toLowerCase()) return 'own';
  if (!guid.test(text) && !dnsName.test(text)) {
    throw new EntraError(
      'invalid_request',
      900023,
      `Specified tenant identifier '${text}' is neither a valid DNS name, nor a valid external domain.`,
    );
  }
  if (world.switches.legacyMessages) {
    throw new EntraError('invalid_request', 90002, `No service namespace named '${text}' was found in the data store.`);
  }
  throw new EntraError(
    'invalid_tenant',
    90002,
    `Tenant '${text}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
}

/** @throws EntraError 700016 (70001 in the 2015 wording), 7000112 or 50194 */
export function checkApp(world: World, clientId: string, tenantText: string): void {
  const { app, tenant } = world.state;
  if (clientId.toLowerCase() !== app.clientId.toLowerCase()) {
    if (world.switches.legacyMessages) {
      throw new EntraError(
        'unauthorized_client',
        70001,
        `Application with identifier ${clientId} was not found in the directory ${tenant.domain}`,
      );
    }
    throw new EntraError(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  if (!app.enabled) {
    throw new EntraError(
      'unauthorized_client',
      7000112,
      `Application '${app.clientId}'(${app.displayName}) is disabled.`,
    );
  }
  if (sharedTenants.has(tenantText.toLowerCase()) && !app.multiTenant) {
    throw new EntraError(
      'invalid_request',
      50194,
      `Application '${app.clientId}'(${app.displayName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
    );
  }
}

export interface ClientCredential {
  secret: string | null;
  assertion: string | null;
}

/** @throws EntraError: always `invalid_client`; the number says why */
export function checkCredential(world: World, credential: ClientCredential): void {
  const { app } = world.state;
  const { legacyMessages, secretState } = world.switches;
  if (credential.assertion !== null) throw rejectAssertion(credential.assertion);
  if (credential.secret === null) {
    throw new EntraError(
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const match = app.secrets.find((secret) => secret.value === credential.secret);
  if (match === undefined || secretState === 'wrong') {
    throw legacyMessages
      ? legacySecretError()
      : new EntraError(
          'invalid_client',
          7000215,
          `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app.clientId}'.`,
        );
  }
  if (secretState === 'expired' || (match.expiresAt !== null && match.expiresAt <= world.now())) {
    throw legacyMessages
      ? legacySecretError()
      : new EntraError(
          'invalid_client',
          7000222,
          `The provided client secret keys for app '${app.clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
        );
  }
}

// In 2015 a wrong and an expired secret had the same error text.
function legacySecretError(): EntraError {
  return new EntraError(
    'invalid_client',
    [70002, 50012],
    'Error validating credentials. AADSTS50012: Invalid client secret is provided.',
  );
}

// The demo app has no certificate, so every well-formed assertion names an unknown key.
function rejectAssertion(assertion: string): EntraError {
  const [head] = assertion.split('.');
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(head ?? '', 'base64url').toString('utf8'));
  } catch {
    header = null;
  }
  if (typeof header !== 'object' || header === null) {
    return new EntraError('invalid_client', 50027, 'JWT token is invalid or malformed.');
  }
  const thumbprint = 'x5t' in header ? header.x5t : 'x5t#S256' in header ? header['x5t#S256'] : undefined;
  const hex = typeof thumbprint === 'string' ? Buffer.from(thumbprint, 'base64url').toString('hex').toUpperCase() : '';
  return new EntraError(
    'invalid_client',
    700027,
    `Client assertion failed signature validation. [Reason - The key was not found., Thumbprint of key used by client: '${hex}']`,
  );
}
