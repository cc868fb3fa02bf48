import { beforeEach, expect, test } from 'vitest';
import { taroUpn } from '../support/linked-taro.ts';
import { admin, argus, stageLinkedTaro, user } from '../support/stage-argus.ts';

/** When every access token has expired. */
const later = 2 * 3600_000;

stageLinkedTaro();
beforeEach(async () => {
  argus.fake.control.clearFaults();
  await user.authorize(taroUpn);
  await argus.database.prisma.errorEvent.deleteMany({});
  await argus.database.prisma.errorCause.deleteMany({});
});

test.each([
  [
    'Graph asked Argus to wait',
    () => {
      const body = { error: { code: 'ApplicationThrottled', message: '' } };
      argus.fake.control.addFault({
        target: 'messages',
        kind: 'status',
        status: 429,
        retryAfter: '60',
        body: { json: body },
      });
    },
    'mail_throttled',
  ],
  [
    'the sessions were revoked, access tokens too',
    () => argus.fake.control.revokeSessions(taroUpn, { accessTokens: true }),
    'mail_claims_challenge',
  ],
  [
    'the consent was withdrawn',
    () => {
      argus.fake.control.dropConsent(taroUpn);
      argus.advance(later);
    },
    'mail_consent_missing',
  ],
  [
    'the sign-in service was unavailable for a moment',
    () => {
      const body = { error: 'temporarily_unavailable', error_codes: [90033] };
      argus.fake.control.addFault({ target: 'token', kind: 'status', status: 400, body: { json: body }, times: 1 });
      argus.advance(later);
    },
    'mail_sign_in_service_unavailable',
  ],
])('an error that Argus repeats by itself counts as the original incident: %s', async (_name, happen, code) => {
  const before = argus.services.now().getTime();
  happen();
  const shown = [await user.fails('GET /api/new-arrivals'), await user.fails('GET /api/new-arrivals')];
  expect(shown.map((problem) => problem.code)).toEqual([code, code]);
  const { items } = await admin.call('GET /api/admin/error-causes');
  expect(items).toMatchObject([{ code, events: 2, users: 1 }]);
  if (argus.services.now().getTime() - before >= later) argus.advance(-later);
});
