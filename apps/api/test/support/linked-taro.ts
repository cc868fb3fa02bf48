import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { buildArgus } from './build-app.ts';
import { misconfigure } from './misconfigure.ts';

/** 山田 太郎: an ordinary user. */
export const username = 'taro@argus.example';
export const taroUpn = demoUsers.taro.userPrincipalName;

/**
 * An Argus that an administrator has connected to the fake; 山田 太郎 is signed in, linked to `taroUpn`, and not
 * authorized yet.
 */
export async function buildLinkedTaro(options?: Parameters<typeof buildArgus>[0]) {
  const argus = await buildArgus(options);
  const admin = await argus.connect();
  const user = await argus.signedIn(username);
  await admin.call('POST /api/admin/account-links', { body: { username, microsoftAccount: taroUpn } });
  return { argus, admin, user, change: misconfigure(argus, admin) };
}
