import { Writable } from 'node:stream';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepAlive } from '../../src/connection/jobs/keep-alive.ts';
import { logOptions } from '../../src/platform/log-options.ts';
import { type Browser, buildArgus, type TestArgus } from '../support/build-app.ts';
import { runJob } from '../support/run-job.ts';

const taroUpn = demoUsers.taro.userPrincipalName;
let argus: TestArgus;
let admin: Browser;
let user: Browser;
let text = '';

beforeAll(async () => {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  argus = await buildArgus({ logger: { ...logOptions({ log: { level: 'debug' } }), stream } });
  admin = await argus.connect();
  user = await argus.signedIn('taro@argus.example');
  await admin.call('POST /api/admin/account-links', {
    body: { username: 'taro@argus.example', microsoftAccount: taroUpn },
  });
  await user.authorize(taroUpn);
});
afterAll(() => argus?.close());

const lines = () =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an error ID', () => {
  it('that a user was shown leads by log line, reply and error log to the same request', async () => {
    argus.fake.control.addFault({ target: 'messages', kind: 'status', status: 400, times: 1 });
    const reply = await user.send('GET', '/api/new-arrivals?refresh=true');
    const shown = reply.body as { errorId: string; code: string };
    expect(shown.errorId).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const requestId = reply.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    const told = lines().filter(({ errorId }) => errorId === shown.errorId);
    expect(told).toMatchObject([{ reqId: requestId, code: shown.code }]);
    const { items } = await admin.call('GET /api/admin/error-events', { query: { errorId: shown.errorId } });
    expect(items).toMatchObject([{ requestId, code: shown.code }]);
    // Every other line of that request has it, too.
    expect(lines().filter(({ reqId }) => reqId === requestId).length).toBeGreaterThan(1);
  });

  it('of an error that no user saw, encountered by a job, leads there too', async () => {
    await argus.services.db.grant.updateMany({ data: { refreshedAt: new Date(0), lastErrorAt: null } });
    argus.fake.control.addFault({ target: 'token', kind: 'status', status: 503, times: 1 });
    const runId = await runJob(argus, keepAlive);
    const { items } = await admin.call('GET /api/admin/error-events', { query: { code: 'mail_upstream_error' } });
    expect(items).toMatchObject([{ requestId: runId, username: null }]);
    expect(lines().filter(({ errorId }) => errorId === items[0]?.errorId)).toMatchObject([
      { code: items[0]?.code, reqId: runId, job: 'keep-alive' },
    ]);
  });
});

describe('the log', () => {
  it('has the id of the request in every line about one, and a new id for each', async () => {
    const about = lines().filter((line) => 'req' in line || 'res' in line || 'errorId' in line);
    expect(about.length).toBeGreaterThan(10);
    for (const line of about) expect(line.reqId).toEqual(expect.any(String));
    const begun = lines().filter(({ msg }) => msg === 'incoming request');
    expect(new Set(begun.map(({ reqId }) => reqId)).size).toBe(begun.length);
  });

  it('takes no request id from outside', async () => {
    const reply = await user.send('GET', '/healthz', { headers: { 'x-request-id': 'forged', 'request-id': 'forged' } });
    expect(reply.headers.get('x-request-id')).not.toBe('forged');
    expect(text).not.toContain('"reqId":"forged"');
  });

  it('holds no token, secret, cookie or code', async () => {
    const { db } = argus.services;
    expect(await db.grant.count()).toBe(1);
    for (const secret of [/eyJ[\w-]+\./, /__Host-/, /[?&](code|state)=/, /client_secret/i, /refresh_token/i]) {
      expect(text).not.toMatch(secret);
    }
  });
});
