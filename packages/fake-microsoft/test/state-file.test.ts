import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { demoUsers } from '../src/data/demo-company.ts';
import { type FakeMicrosoft, startFakeMicrosoft } from '../src/start-fake-microsoft.ts';
import { authorizeUrl, getGraph, getTokens, postToken, refreshForm } from './demo-client.ts';

const taro = demoUsers.taro.userPrincipalName;
let folder: string;
let stateFile: string;
const running: FakeMicrosoft[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-microsoft-'));
  stateFile = join(folder, 'deep', 'state.json');
});
afterEach(async () => {
  for (const fake of running.splice(0)) await fake.close();
  rmSync(folder, { recursive: true });
});

async function start(warnings: string[] = []) {
  const fake = await startFakeMicrosoft({ stateFile, warn: (message) => warnings.push(message) });
  running.push(fake);
  return fake;
}

it('keeps keys, grants, consents, directory and mail across a restart', async () => {
  const first = await start();
  const tokens = await getTokens(first);
  first.control.injectMail({ user: taro, subject: '再起動の前' });
  first.control.renameUser(demoUsers.jiro.oid, 'jiro@contoso.example');
  first.control.setSecretState('expired');
  await first.close();

  const second = await start();
  const path = '/v1.0/me/mailFolders/inbox/messages?$top=1';
  const { status, body } = await getGraph(second, path, tokens.access_token);
  expect([status, body.value[0]?.subject]).toEqual([200, '再起動の前']);
  expect((await postToken(second, 2, refreshForm(tokens.refresh_token))).status).toBe(200);
  const { redirectUrl } = await second.control.signIn({ authorizeUrl: authorizeUrl(second, 2), user: taro });
  expect(redirectUrl).toContain('code=');
  expect(second.control.requests().filter((entry) => entry.path === '/login')).toHaveLength(1);
  expect(second.control.users().map((user) => user.userPrincipalName)).toContain('jiro@contoso.example');
  expect(second.control.switches().secretState).toBe('valid');
});

it('writes soon after a change, whole files only, readable by the owner alone', async () => {
  const fake = await start();
  fake.control.injectMail({ user: taro, subject: 'すぐに書く' });
  await expect
    .poll(() => readdirSync(folder).length > 0 && readFileSync(stateFile, 'utf8').includes('すぐに書く'), {
      timeout: 3000,
    })
    .toBe(true);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
});

it.each([
  ['no JSON', '{"version":1,'],
  ['another shape', '{"version":1,"signingKey":{},"state":{"users":[]}}'],
  ['another version', '{"version":99}'],
])('starts fresh with a warning when the file is damaged: %s', async (_what, text) => {
  writeFileSync(join(folder, 'state.json'), text);
  stateFile = join(folder, 'state.json');
  const warnings: string[] = [];
  const fake = await start(warnings);
  expect(warnings).toHaveLength(1);
  expect((await getTokens(fake)).token_type).toBe('Bearer');
});

it('starts fresh when the stored key is no key', async () => {
  await (await start()).close();
  const stored = JSON.parse(readFileSync(stateFile, 'utf8')) as { signingKey: unknown };
  writeFileSync(stateFile, JSON.stringify({ ...stored, signingKey: { kty: 'RSA', n: 'x' } }));
  const warnings: string[] = [];
  const fake = await start(warnings);
  expect(warnings).toHaveLength(1);
  expect((await getTokens(fake)).token_type).toBe('Bearer');
});

it('leaves the file alone when it cannot start', async () => {
  const fake = await start();
  fake.control.injectMail({ user: taro, subject: '先に動いている方' });
  await fake.close();
  const before = readFileSync(stateFile, 'utf8');
  const holder = await startFakeMicrosoft();
  running.push(holder);
  const port = Number(new URL(holder.loginUrl).port);
  await expect(startFakeMicrosoft({ stateFile, loginPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  writeFileSync(stateFile, before.replace('先に動いている方', '触らない'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(readFileSync(stateFile, 'utf8')).toContain('触らない');
});
