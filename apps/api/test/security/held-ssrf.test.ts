import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, buildArgus, providerOf, settingsOf, type TestArgus } from '../support/build-app.ts';
import { privateSpellings } from '../support/private-spellings.ts';
import { runDoctor, stepsThat } from '../support/run-doctor.ts';

/** A listener on this machine that must not be reached: it counts connections. */
let listener: Server;
let port: number;
let connections = 0;
let argus: TestArgus;
let admin: Browser;

async function start(privateNetwork: 'none' | 'loopback') {
  const started = await buildArgus({ config: { egress: { privateNetwork } } });
  return { started, signedIn: await started.signedIn('admin@argus.example', 'admin') };
}

beforeAll(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).destroy();
  });
  // Without a host: every address of the machine, IPv4 and IPv6.
  listener.listen(0);
  await once(listener, 'listening');
  ({ port } = listener.address() as AddressInfo);
  ({ started: argus, signedIn: admin } = await start('none'));
});
afterAll(async () => {
  await argus?.close();
  listener?.close();
});

/**
 * Points everything that Argus calls at a host, as an administrator can: the remote sites, the token endpoint, the
 * mail URL. Then runs a 接続診断 that calls them. Returns the refusals on the way, and the run.
 */
async function attack(of: TestArgus, by: Browser, host: string) {
  const { prisma } = of.database;
  await prisma.authProvider.deleteMany({});
  await prisma.remoteSite.deleteMany({});
  const site = { disableProtocolSecurity: true, active: true, description: '' };
  const tokenEndpointUrl = `http://${host}:${port}/token`;
  const mailUrl = `https://${host}:${port}/v1.0/me/mailFolders/inbox/messages`;
  const create = async (path: string, body: object) => (await by.send('POST', path, { body })).status;
  const refused = {
    token: await create('/api/admin/remote-sites', { name: 'token', url: tokenEndpointUrl, ...site }),
    mail: await create('/api/admin/remote-sites', { name: 'mail', url: mailUrl, ...site }),
    provider: await create('/api/admin/auth-providers', { ...providerOf(of.fake), tokenEndpointUrl }),
  };
  // Not by the form, whose other checks are irrelevant here.
  const settings = { ...settingsOf(of.fake), mailUrl, connectTimeoutSeconds: 1, totalTimeoutSeconds: 2 };
  await prisma.settings.upsert({ where: { id: 1 }, create: settings, update: settings });
  return { refused, run: await runDoctor(by, null) };
}

describe('S-held: in production no private address is called', () => {
  test('S-held: where loopback is open, the same attack reaches the listener by the token endpoint and by the mail URL', async () => {
    const open = await start('loopback');
    try {
      const { refused, run } = await attack(open.started, open.signedIn, '127.0.0.1');
      expect(refused).toEqual({ token: 201, mail: 201, provider: 201 });
      expect(stepsThat(run, 'ok')).toEqual(expect.arrayContaining(['token_dns', 'mail_dns']));
      // The handshake with the mail host, and the secret's trial at the token endpoint.
      expect(connections).toBeGreaterThanOrEqual(2);
    } finally {
      await open.started.close();
      connections = 0;
    }
  });

  test.each(Object.entries(privateSpellings))('S-held: %s', async (_, hosts) => {
    const reached: string[] = [];
    for (const host of hosts) {
      const { run } = await attack(argus, admin, host);
      const ok = stepsThat(run, 'ok');
      if (connections > 0 || ok.includes('token_dns') || ok.includes('mail_dns')) {
        reached.push(`${host}: ${connections} connections, ${ok}`);
      }
      connections = 0;
    }
    expect(reached).toEqual([]);
  });
});
