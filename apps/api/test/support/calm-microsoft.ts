import { initialSwitches } from '@argus/fake-microsoft/world';
import { taroUpn } from './linked-taro.ts';
import { admin, argus, user } from './stage-argus.ts';

/** Takes back whatever a test had the fake of the stage do: faults, and how it issues tokens. */
export function calmMicrosoft(): void {
  argus.fake.control.clearFaults();
  argus.fake.control.setSwitches(initialSwitches());
}

/** Authorizes 山田 太郎 once more, whatever stood before; what the fake was asked for on the way is forgotten. */
export async function authorizeAnew(): Promise<void> {
  await user.call('DELETE /api/authorization');
  await user.authorize(taroUpn);
  argus.fake.control.clearRequests();
}

/** What the fake was asked for at paths that hold this. */
export function callsTo(part: string) {
  return argus.fake.control.requests().filter(({ path }) => path.includes(part));
}

/** What the token endpoint was asked for. */
export function tokenCalls() {
  return argus.fake.control.requests().filter(({ path }) => path.endsWith('/token'));
}

/** From now on the account's id is not known, and only /me tells who authorizes. */
export async function forgetWhoItIs() {
  await user.call('DELETE /api/authorization');
  const { items } = await admin.call('GET /api/admin/account-links');
  await admin.call('DELETE /api/admin/account-links/:id/authorization', { params: { id: items[0]?.id ?? '' } });
}
