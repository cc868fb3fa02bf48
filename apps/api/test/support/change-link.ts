import type { Browser } from './build-app.ts';

/** The link of a portal account, as アカウント情報 has it. */
export async function linkOf(admin: Browser, username: string) {
  const { items } = await admin.call('GET /api/admin/account-links', { query: { q: username } });
  const [link] = items;
  if (!link) throw new Error(`${username} has no link`);
  return link;
}

/** Links a portal account to this Microsoft 365 account, as 編集 does; does nothing where it is linked to it already. */
export async function changeLink(admin: Browser, username: string, microsoftAccount: string): Promise<void> {
  const { id, version, microsoftAccount: before } = await linkOf(admin, username);
  if (before === microsoftAccount) return;
  await admin.call('PUT /api/admin/account-links/:id', { params: { id }, body: { microsoftAccount, version } });
}
