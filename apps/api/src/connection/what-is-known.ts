import type { Known } from '@argus/contract/errors/known';
import { hasStandardPath, hasTypedQuery } from '@argus/microsoft/messages-url';
import { areDocumented, asksForMail, asksForProfile } from '@argus/microsoft/scopes';
import type { AuthProvider } from './records/auth-providers.ts';
import type { Grant } from './records/grants.ts';
import type { Settings } from './records/settings.ts';

/**
 * What Argus knows of its own settings, and of what this user's grant has done under them. It decides between the
 * causes of an answer, and their order.
 */
export function whatIsKnown(of: {
  readonly settings: Pick<Settings, 'mailUrl' | 'updatedAt'>;
  readonly provider?: Pick<AuthProvider, 'defaultScopes' | 'resource' | 'updatedAt'> | null | undefined;
  readonly grant?: Pick<Grant, 'lastSuccessAt'> | null | undefined;
}): readonly Known[] {
  const { settings, provider, grant } = of;
  const scopes = provider?.defaultScopes.split(/\s+/u).filter((scope) => scope !== '') ?? [];
  // v1 names a resource instead; what it grants is the app registration's.
  const namesScopes = provider?.resource === null;
  const lastSuccess = grant?.lastSuccessAt ?? null;
  const hasWorked =
    lastSuccess !== null && lastSuccess > settings.updatedAt && (!provider || lastSuccess > provider.updatedAt);
  return [
    hasStandardPath(settings.mailUrl) ? 'mail_path_standard' : 'mail_path_unusual',
    hasTypedQuery(settings.mailUrl) ? 'mail_query_typed' : 'mail_query_none',
    ...(namesScopes && areDocumented(scopes) ? (['scopes_standard'] as const) : []),
    ...(namesScopes ? ([asksForMail(scopes) ? 'scopes_with_mail' : 'scopes_without_mail'] as const) : []),
    ...(namesScopes && asksForProfile(scopes) ? (['scopes_with_profile'] as const) : []),
    ...(hasWorked ? (['worked_before'] as const) : []),
  ];
}
