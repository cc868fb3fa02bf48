import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consumerSecretPlace } from '../../src/connection/records/auth-providers.ts';
import { suffix } from '../support/build-app.ts';
import { taroUpn, username } from '../support/linked-taro.ts';
import { runDoctor } from '../support/run-doctor.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

/** Not allowed in a client id or secret (RFC 6749, appendix A). */
const odd = '秘密の値';
const lines: string[] = [];

const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } };

stageLinkedTaro({ logger });
beforeAll(async () => {
  await user.authorize(taroUpn);
});
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
    'are refused by Microsoft like any other wrong ones, and are shown to nobody: %o',
    async (change) => {
      await store(change);
      const run = await runDoctor(admin, username);
      expect(run.firstFailure).toBe('client_secret');
      const started = await user.send('GET', `/services/auth/oauth/${suffix}`);
      expect(started.status).toBe(303);
      await user.send('GET', '/api/new-arrivals?refresh=true');
      const told = JSON.stringify([run.steps.filter(({ id }) => id !== 'authorize_url'), started.body, ...lines]);
      expect(told).not.toContain(odd);
      expect(told).not.toContain(encodeURIComponent(odd));
    },
  );
});
