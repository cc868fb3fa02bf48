import { expect, it } from 'vitest';
import { demoAccounts } from '../../src/accounts/demo-accounts.ts';
import { createAccount } from '../../src/accounts/records/accounts.ts';
import { demoNotice } from '../../src/demo/demo-notice.ts';
import { buildDatabase } from '../support/build-database.ts';

it('ops T23: the demo prints those of its accounts that the database has, and no others', async () => {
  const database = await buildDatabase();
  try {
    expect(await demoNotice(database.prisma)).toContain('No account of the demo');
    const [first, second] = demoAccounts;
    const account = { displayName: 'x', role: 'user', salesforceId: null, passwordHash: null } as const;
    await createAccount(database.prisma, { ...account, username: second?.username ?? '' });
    await createAccount(database.prisma, { ...account, username: 'own@example.com' });
    const notice = await demoNotice(database.prisma);
    expect(notice).toContain(second?.username);
    expect(notice).not.toContain(first?.username);
    expect(notice.trim().split('\n')).toHaveLength(2);
  } finally {
    await database.close();
  }
});
