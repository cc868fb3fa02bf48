import { createAccount } from '../../src/accounts/records/accounts.ts';
import { type Browser, type TestArgus, testPassword } from './build-app.ts';

export const unknownToken = 'A'.repeat(43);

/** An account as CSV取込 creates it: without a password. */
export async function addInvitee(
  argus: TestArgus,
  username: string,
  change: { displayName?: string; role?: 'user' | 'admin' } = {},
): Promise<string> {
  const { displayName = username.split('@')[0] ?? '', role = 'user' } = change;
  const { prisma } = argus.database;
  const account = await createAccount(prisma, { username, displayName, role, salesforceId: null, passwordHash: null });
  return account.id;
}

export function tokenOf(url: string): string {
  return new URLSearchParams(new URL(url).hash.slice(1)).get('token') ?? '';
}

/** A browser that has a CSRF token. */
export async function visitor(argus: TestArgus): Promise<Browser> {
  const browser = argus.browser();
  await browser.fails('POST /api/invitation/read', { body: { token: unknownToken } });
  return browser;
}

/** The HTTP status of reading a link. */
export async function readStatus(browser: Browser, token: string): Promise<number> {
  return (await browser.send('POST', '/api/invitation/read', { body: { token } })).status;
}

export function accept(browser: Browser, token: string, password = testPassword) {
  return browser.send('POST', '/api/invitation/accept', { body: { token, password } });
}
