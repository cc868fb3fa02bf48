import { beforeEach } from 'vitest';
import type { Browser } from './build-app.ts';
import { admin, argus } from './stage-argus.ts';

export const eveName = 'eve@argus.example';
/** Eve, an administrator who is deactivated while she is at work. */
export let eve: Browser;
export let eveId: string;

/** Before each test Eve signs in anew; a test that deactivates her lets her return. */
export function stageEve(): void {
  beforeEach(async () => {
    const { db } = argus.services;
    await db.signInThrottle.deleteMany({});
    eve = await argus.signedIn(eveName, 'admin');
    eveId = (await db.account.findFirstOrThrow({ where: { username: eveName } })).id;
  });
}

export async function deactivateEve(): Promise<void> {
  const account = await argus.services.db.account.findUniqueOrThrow({ where: { id: eveId } });
  const { displayName, role, salesforceId, version } = account;
  const body = { username: eveName, displayName, role, salesforceId, version, active: false };
  await admin.call('PUT /api/admin/users/:id', { params: { id: eveId }, body });
}
