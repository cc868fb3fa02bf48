import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consumerSecretPlace } from '../../src/connection/records/auth-providers.ts';
import { type Browser, suffix, type TestArgus } from '../support/build-app.ts';
import { buildLinkedTaro, taroUpn, username } from '../support/linked-taro.ts';
import { runDoctor, stepOf } from '../support/run-doctor.ts';

/** No client id and no secret may hold it (RFC 6749, appendix A): the OAuth library throws at it. */
const odd = '秘密の値';
const lines: string[] = [];

let argus: TestArgus;
let admin: Browser;
let user: Browser;

beforeAll(async () => {
  const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } };
  ({ argus, admin, user } = await buildLinkedTaro({ logger }));
  await user.authorize(taroUpn);
});
afterAll(() => argus?.close());
beforeEach(() => {
  lines.length = 0;
});

async function store(change: { consumerKey: string } | { consumerSecret: string }): Promise<void> {
  const { prisma } = argus.database;
  const { id, version, secretOrigin } = await prisma.authProvider.findFirstOrThrow();
  const place = consumerSecretPlace(id, secretOrigin ?? '');
  const data =
    'consumerKey' in change
      ? change
      : { sealedConsumerSecret: argus.services.vault.seal(change.consumerSecret, place) };
  await prisma.authProvider.update({ where: { id }, data: { ...data, version: version + 1 } });
}

describe('credentials that no OAuth client can have, stored nevertheless', () => {
  it.each([{ consumerSecret: odd }, { consumerKey: odd }])(
    'end no process, and are told to nobody: %o',
    async (change) => {
      await store(change);
      const run = await runDoctor(admin, username);
      expect(run.firstFailure).toBe('token_endpoint');
      expect(stepOf(run, 'token_endpoint').problem?.code).toBe('internal_error');
      const started = await user.send('GET', `/services/auth/oauth/${suffix}`);
      expect(started.status).toBeGreaterThanOrEqual(300);
      await user.send('GET', '/api/new-arrivals?refresh=true');
      // Argus still answers.
      await user.call('GET /api/session');
      const told = JSON.stringify([run.steps.filter(({ id }) => id !== 'authorize_url'), started.body, ...lines]);
      expect(told).toContain('refused the settings of the auth. provider');
      expect(told).not.toContain(odd);
    },
  );
});
