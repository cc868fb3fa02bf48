import type { Db } from '../platform/database/db.ts';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { codeFor } from './purpose.ts';
import { type AuthProvider, findAuthProvider } from './records/auth-providers.ts';
import { readSettings, type Settings } from './records/settings.ts';
import { isBoundTo, whyUnusable } from './usable-grant.ts';

/** The endpoints as they are configured now: whatever was read before a wait may name an origin that has been left. */
export interface PresentEndpoints {
  readonly provider: AuthProvider;
  readonly settings: Settings;
}

/** The endpoints of a provider; null where it has been deleted. */
export async function readEndpoints(db: Db, providerId: string): Promise<PresentEndpoints | null> {
  const provider = await findAuthProvider(db, providerId);
  return provider && { provider, settings: await readSettings(db) };
}

/**
 * Asked before a token is sent, as fetching it may have taken long.
 * @throws AppError of the purpose where an endpoint has moved away from the grant since the request began
 */
export async function throwIfMoved(
  services: Pick<Services, 'db' | 'egress'>,
  request: Parameters<typeof whyUnusable>[1],
): Promise<void> {
  const { purpose, provider } = request;
  const endpoints = await readEndpoints(services.db, provider.id);
  if (!endpoints) throw new AppError(codeFor(purpose, 'not_authorized'));
  if (!isBoundTo(request.grant, endpoints)) {
    throw await whyUnusable(services, { ...request, ...endpoints });
  }
}
