import type { SealedColumn } from '../../platform/vault/sealed-column.ts';
import { webhookUrlPlace } from './alert-channels.ts';
import { consumerSecretPlace } from './auth-providers.ts';
import { grantTokensPlace } from './grants.ts';
import { keptMailPlace } from './mail-cache.ts';

/**
 * Everything that the vault seals, apart from the known text of each key (`VaultKey`): counted before a key may go,
 * and sealed anew by `pnpm reseal`. A test compares this list with the schema.
 */
export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'AuthProvider',
    column: 'sealedConsumerSecret',
    key: 'id',
    boundTo: ['secretOrigin'],
    placeOf: ({ id, secretOrigin }) => consumerSecretPlace(String(id), String(secretOrigin)),
  },
  {
    table: 'Grant',
    column: 'sealedTokens',
    key: 'id',
    boundTo: ['accountId', 'providerId', 'tokenOrigin', 'mailOrigin'],
    placeOf: ({ id, accountId, providerId, tokenOrigin = null, mailOrigin = null }) =>
      grantTokensPlace({
        id: String(id),
        accountId: String(accountId),
        providerId: String(providerId),
        tokenOrigin,
        mailOrigin,
      }),
  },
  {
    table: 'MailCache',
    column: 'sealed',
    key: 'accountId',
    boundTo: ['grantId', 'linkKey'],
    placeOf: ({ accountId, grantId, linkKey }) =>
      keptMailPlace({ accountId: String(accountId), grantId: String(grantId), linkKey: String(linkKey) }),
    expiresAt: 'expiresAt',
  },
  {
    table: 'AlertChannel',
    column: 'sealedUrl',
    key: 'id',
    boundTo: ['origin'],
    placeOf: ({ id, origin }) => webhookUrlPlace(String(id), String(origin)),
  },
];
