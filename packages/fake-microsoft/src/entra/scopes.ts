import type { World } from '../world.ts';
import { EntraError } from './entra-error.ts';

export const oidcScopes = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Delegated Graph permissions that the fake knows, with their text for users. */
const graphScopes: Record<string, { label: string; adminOnly?: true }> = {
  'User.Read': { label: 'あなたのプロフィールの読み取り' },
  'User.ReadBasic.All': { label: '全ユーザーの基本プロフィールの読み取り' },
  'User.Read.All': { label: '全ユーザーの完全なプロフィールの読み取り', adminOnly: true },
  'User.ReadWrite.All': { label: '全ユーザーの完全なプロフィールの読み取りと書き込み', adminOnly: true },
  'Mail.ReadBasic': { label: 'あなたのメールの件名・差出人などの読み取り (本文を除く)' },
  'Mail.Read': { label: 'あなたのメールの読み取り' },
  'Mail.Read.Shared': { label: 'あなたのメールと共有メールの読み取り' },
  'Mail.ReadWrite': { label: 'あなたのメールの読み取りと書き込み' },
  'Mail.ReadWrite.Shared': { label: 'あなたのメールと共有メールの読み取りと書き込み' },
  'Mail.Send': { label: 'あなたとしてのメールの送信' },
  'MailboxSettings.Read': { label: 'あなたのメールボックスの設定の読み取り' },
  'MailboxSettings.ReadWrite': { label: 'あなたのメールボックスの設定の読み取りと書き込み' },
  'Calendars.ReadBasic': { label: 'あなたの予定表の基本情報の読み取り', adminOnly: true },
  'Calendars.Read': { label: 'あなたの予定表の読み取り' },
  'Calendars.ReadWrite': { label: 'あなたの予定表へのフルアクセス' },
  'Calendars.Read.Shared': { label: 'あなたの予定表と共有予定表の読み取り' },
  'Calendars.ReadWrite.Shared': { label: 'あなたの予定表と共有予定表の読み取りと書き込み' },
  'Organization.Read.All': { label: '組織の情報の読み取り', adminOnly: true },
};

const oidcLabels: Record<string, string> = {
  openid: 'サインイン',
  profile: 'あなたの基本プロフィールの表示',
  email: 'あなたのメール アドレスの表示',
  offline_access: 'アクセスを許可したデータへのアクセスの維持',
};

export function scopeLabel(scope: string): string {
  return graphScopes[scope]?.label ?? oidcLabels[scope] ?? scope;
}

/** What the managed policy keeps users from consenting to, of the scopes above. */
const ofExchange = /^(Mail|MailboxSettings|Calendars)\./;

export function needsAdminConsent(world: World, scope: string): boolean {
  if (world.switches.managedConsentPolicy && ofExchange.test(scope)) return true;
  return graphScopes[scope]?.adminOnly === true && !world.state.app.delegatedPermissions.includes(scope);
}

/** Names of Microsoft Graph as a resource: its id, its URL and the fake's own origin. */
export function isGraphResource(world: World, resource: string): boolean {
  const wanted = resource.replace(/\/+$/, '').toLowerCase();
  return [
    '00000003-0000-0000-c000-000000000000',
    'https://graph.microsoft.com',
    world.graphUrl.toLowerCase(),
    world.graphUrl.replace('//localhost', '//127.0.0.1').toLowerCase(),
  ].includes(wanted);
}

/**
 * Reads a v2 `scope` parameter: names without the resource prefix, in Graph's spelling. `.default` stands for the
 * delegated permissions of the app registration.
 * @throws EntraError 650053 (invalid_client: no such permission) or 500011 (invalid_resource)
 */
export function parseScopes(world: World, text: string): string[] {
  const names: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const prefix = /^(.*)\/([^/]+)$/.exec(word);
    if (prefix !== null && !isGraphResource(world, prefix[1] ?? '')) {
      throw new EntraError(
        'invalid_resource',
        500011,
        `The resource principal named ${prefix[1]} was not found in the tenant named ${world.state.tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
      );
    }
    const bare = prefix?.[2] ?? word;
    if (bare === '.default') {
      names.push(...world.state.app.delegatedPermissions);
      continue;
    }
    const known = [...oidcScopes, ...Object.keys(graphScopes)].find(
      (name) => name.toLowerCase() === bare.toLowerCase(),
    );
    if (known === undefined) throw unknownPermission(world, word);
    names.push(known);
  }
  return [...new Set(names)];
}

function unknownPermission(world: World, scope: string): EntraError {
  return new EntraError(
    'invalid_client',
    650053,
    `The application '${world.state.app.displayName}' asked for scope '${scope}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor.`,
  );
}

/** AADSTS70011: the form of the list is wrong. */
export function invalidScope(scope: string): EntraError {
  return new EntraError(
    'invalid_scope',
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

/** The key of `consents` under which an administrator has consented for everybody. */
export const everybody = '*';

/** The scopes of a grant that neither the user nor an administrator has consented to (any more). */
export function missingConsent(world: World, oid: string, scopes: readonly string[]): string[] {
  const given = new Set([...(world.state.consents[oid] ?? []), ...(world.state.consents[everybody] ?? [])]);
  return scopes.filter((scope) => !given.has(scope));
}

/** AADSTS65001: the user (or an admin) has not consented. */
export function consentMissing(world: World, error: 'invalid_grant' | 'interaction_required'): EntraError {
  const { clientId, displayName } = world.state.app;
  return new EntraError(
    error,
    65001,
    `The user or administrator has not consented to use the application with ID '${clientId}' named '${displayName}'. Send an interactive authorization request for this user and resource.`,
    { suberror: 'consent_required' },
  );
}
