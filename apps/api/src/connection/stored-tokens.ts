import type { TokenReply } from '@argus/microsoft/entra';
import { AppError } from '../platform/problems/app-error.ts';
import type { Services } from '../platform/services.ts';
import { UnsealError } from '../platform/vault/seal.ts';
import { codeFor, type Purpose } from './purpose.ts';
import { type Grant, grantTokensPlace } from './records/grants.ts';
import { auditRefusedSeal } from './refused-seal.ts';

/** The tokens of a grant, as sealed. */
interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

type Place = Parameters<typeof grantTokensPlace>[0];

/** Seals the tokens of a reply for a grant. */
export function sealTokens({ vault }: Services, grant: Place, tokens: StoredTokens): string {
  return vault.seal(JSON.stringify(tokens), grantTokensPlace(grant));
}

/** @throws AppError reconnect_needed of the purpose where there are none; UnsealError, with an event in the audit log */
export async function openTokens({ db, vault }: Services, grant: Grant, purpose: Purpose): Promise<StoredTokens> {
  if (grant.sealedTokens === null) throw new AppError(codeFor(purpose, 'reconnect_needed'));
  try {
    return JSON.parse(vault.open(grant.sealedTokens, grantTokensPlace(grant))) as StoredTokens;
  } catch (error) {
    if (error instanceof UnsealError) {
      await auditRefusedSeal(db, { kind: 'grant', id: grant.id, name: grant.microsoftAccount });
    }
    throw error;
  }
}

/** Whether a sealed value holds these tokens of a grant, whichever key has sealed it. */
export function holdsTokens({ vault }: Services, grant: Place, sealed: string, tokens: StoredTokens): boolean {
  try {
    const held = JSON.parse(vault.open(sealed, grantTokensPlace(grant))) as StoredTokens;
    return held.refreshToken === tokens.refreshToken && held.accessToken === tokens.accessToken;
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    return false;
  }
}

/** When the access token of a reply expires. */
export function accessExpiry({ now }: Services, reply: TokenReply): Date {
  return new Date(now().getTime() + reply.expiresInSeconds * 1000);
}
