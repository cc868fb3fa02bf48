import { expect, test } from 'vitest';
import { admin, argus, stageConnected } from '../support/stage-argus.ts';

stageConnected();

test('people 12: a preview for which the scopes of the provider in use do not suffice is told at both of them', async () => {
  const { items } = await admin.call('GET /api/admin/auth-providers');
  const provider = items.find(({ inUse }) => inUse);
  const { prisma } = argus.database;
  const told = async (defaultScopes: string, previewEnabled: boolean) => {
    await prisma.authProvider.update({ where: { id: provider?.id ?? '' }, data: { defaultScopes } });
    await prisma.settings.update({ where: { id: 1 }, data: { previewEnabled } });
    const settings = await admin.call('GET /api/admin/settings');
    const { items: providers } = await admin.call('GET /api/admin/auth-providers');
    const codesOf = (warnings: readonly { field: string; code: string }[]) =>
      warnings.filter(({ code }) => code.endsWith('_scope_missing')).map(({ field, code }) => `${field} ${code}`);
    return [...codesOf(settings.warnings), ...codesOf(providers.find(({ inUse }) => inUse)?.warnings ?? [])];
  };
  expect(await told('offline_access Mail.ReadBasic', true)).toEqual([
    'previewEnabled preview_scope_missing',
    'defaultScopes preview_scope_missing',
  ]);
  expect(await told('offline_access Mail.ReadBasic', false)).toEqual([]);
  expect(await told('offline_access https://graph.microsoft.com/mail.readwrite', true)).toEqual([]);
  expect(await told('offline_access https://graph.microsoft.com/.default', true)).toEqual([]);
  expect(await told('offline_access User.Read', false)).toEqual([
    'previewEnabled mail_scope_missing',
    'defaultScopes mail_scope_missing',
  ]);
});
