import { stageOf } from '@argus/contract/errors/compose';
import type { CatalogueEntry } from '@argus/contract/errors/entry';
import { catalogueEntry, type ErrorCode, errorsOf, microsoftPurposes } from '@argus/contract/errors/error-catalogue';
import { httpStatusReason } from '@argus/contract/errors/http-status-reason';
import { likeliestFirst } from '@argus/contract/errors/likeliest-first';
import { mendPath } from '@argus/contract/errors/mend-path';
import type { Problem } from '@argus/contract/errors/problem';
import { fillText, type Language } from '@argus/contract/language';
import { customerLinesOf } from '@argus/contract/test/customer-rows';
import { initialSwitches } from '@argus/fake-microsoft/world';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asksToReconnect } from '../../src/connection/connection-state.ts';
import type { Purpose } from '../../src/connection/purpose.ts';
import type { ErrorParams } from '../../src/platform/problems/app-error.ts';
import type { Browser } from '../support/build-app.ts';
import { buildLinkedTaro, taroUpn } from '../support/linked-taro.ts';
import { stageProxy } from '../support/stage-proxy.ts';
import { authorize, type Play, type PlaysOf, type Stage } from '../support/wire-play.ts';
import { authorizationPlays } from '../support/wire-plays-of-authorization.ts';
import { mailPlays } from '../support/wire-plays-of-mail.ts';
import { registeredApp } from '../support/wire-plays-of-token.ts';

interface GrantPurposePlays<P extends Purpose> {
  readonly plays: PlaysOf<P>;
  /** Makes the user run into its errors. */
  readonly fail: (user: Browser) => Promise<Problem>;
}
/** A purpose that uses a grant has to be added here. */
const grantPurposes: { readonly [P in Purpose]: GrantPurposePlays<P> } = {
  mail: { plays: mailPlays, fail: (user) => user.fails('GET /api/new-arrivals', { query: { refresh: true } }) },
};
const playsOfGrants = Object.values(grantPurposes).map(({ plays }) => plays);
const allPlays: Readonly<Record<string, readonly Play[]>> = Object.assign({}, authorizationPlays, ...playsOfGrants);

let misconfigured = false;
/** Codes that an administrator has read in English. */
const readInEnglish = new Set<ErrorCode>();

let stage: Stage;
let grant: Awaited<ReturnType<Stage['argus']['services']['db']['grant']['findFirstOrThrow']>>;

beforeAll(async () => {
  const proxy = await stageProxy();
  proxy.answers('directly');
  const egress = { privateNetwork: 'loopback', proxy: proxy.config } as const;
  const { argus, admin, user, change } = await buildLinkedTaro({ config: { egress } });
  stage = { argus, admin, user, control: argus.fake.control, change: noting(change), proxy };
  await authorizeAnew();
});
afterAll(async () => {
  await stage.argus.close();
  await stage.proxy.close();
});

/** Records that Argus is misconfigured; restoring it takes longer than most plays. */
function noting(change: Stage['change']): Stage['change'] {
  return new Proxy(change, {
    get(target, name, receiver) {
      misconfigured = true;
      return Reflect.get(target, name, receiver);
    },
  });
}

/** A grant that Microsoft accepts; most plays leave the one at Microsoft unchanged. */
async function authorizeAnew() {
  await stage.argus.services.db.grant.deleteMany();
  await stage.user.authorize(taroUpn);
  grant = await stage.argus.services.db.grant.findFirstOrThrow();
}

/** Restores the state before the last play. */
beforeEach(async () => {
  const { argus, control, change, proxy } = stage;
  proxy.answers('directly');
  control.clearFaults();
  control.setSwitches(initialSwitches());
  control.setApp(registeredApp);
  control.setUserEnabled(taroUpn, true);
  control.setMailbox(taroUpn, true);
  if (misconfigured) await change.restore();
  misconfigured = false;
  await argus.services.db.mailCache.deleteMany();
  await argus.services.db.grant.deleteMany();
  await argus.services.db.tokenPause.deleteMany();
});

/** The expected lines: for a row of the customer's table its own words, otherwise the entry's. */
function expectedLines(code: ErrorCode, play: Play, language: Language): readonly string[] {
  const ofTheTable = language === 'ja' ? customerLinesOf(code) : undefined;
  return ofTheTable ?? filled(catalogueEntry(code), play, language);
}

function filled(entry: CatalogueEntry, play: Play, language: Language): string[] {
  const status = play.values?.status;
  const reason = typeof status === 'number' ? httpStatusReason(status)[language] : '';
  return entry.message[language].map((line) => fillText(line, { ...play.values, reason }));
}

/** Users see the entry verbatim, and nothing that only administrators may know. */
function expectForUser(problem: Problem, code: ErrorCode, play: Play) {
  const entry = catalogueEntry(code);
  const lines = expectedLines(code, play, 'ja');
  expect(problem).toMatchObject({ code, status: entry.status, title: lines[0], detail: lines.join('\n'), lines });
  expect(problem.retry.kind).toBe(entry.retry);
  expect(problem.retry.afterSeconds).toBe(play.afterSeconds ?? entry.retryAfterSeconds);
  expect(problem.errorId !== undefined).toBe(entry.logged);
  expect(problem.admin).toBeUndefined();
  for (const cause of entry.causes) expect(JSON.stringify(problem)).not.toContain(cause.condition.ja);
}

/** The administrator sees the same, with every cause in full. */
async function expectForAdmin(errorId: string, code: ErrorCode, play: Play, language: Language) {
  const entry = catalogueEntry(code);
  const reply = await stage.admin.send('GET', `/api/admin/error-events?errorId=${errorId}`, {
    headers: { 'accept-language': language },
  });
  const { items } = reply.body as { items: { problem: Problem }[] };
  expect(items).toHaveLength(1);
  const problem = items[0]?.problem;
  expect(problem).toMatchObject({ code, lines: expectedLines(code, play, language) });
  expect(problem?.admin?.row).toBe(entry.row);
  const { params, accountId } = await stage.argus.services.db.errorEvent.findUniqueOrThrow({ where: { id: errorId } });
  const { known, suffix, origin } = params as ErrorParams;
  const account =
    accountId === null ? null : await stage.argus.services.db.account.findUnique({ where: { id: accountId } });
  expect(problem?.admin?.causes).toEqual(
    likeliestFirst(entry.causes, known).map(({ condition, place, remedy, mendAt, menders }) => ({
      condition: condition[language],
      ...(place ? { place: place[language] } : {}),
      remedy: remedy[language],
      ...(mendAt ? { mendAt: mendPath(mendAt, { suffix, origin, account }) } : {}),
      menders,
    })),
  );
  expect(problem?.admin?.stage).toBe(stageOf(entry));
}

async function expectEntry(problem: Problem, code: ErrorCode, play: Play) {
  expectForUser(problem, code, play);
  const { errorId } = problem;
  if (errorId === undefined) return;
  await expectForAdmin(errorId, code, play, 'ja');
  if (!readInEnglish.has(code)) await expectForAdmin(errorId, code, play, 'en');
  readInEnglish.add(code);
  const { params } = await stage.argus.services.db.errorEvent.findUniqueOrThrow({ where: { id: errorId } });
  expect((params as { uncatalogued?: boolean }).uncatalogued).toBe(play.uncatalogued);
}

const casesOf = (plays: Readonly<Record<string, readonly Play[]>>) =>
  Object.entries(plays).flatMap(([code, list]) =>
    list.map((play): readonly [ErrorCode, string, Play] => [code as ErrorCode, play.when, play]),
  );

describe('the catalogue over the wire', () => {
  it('plays every error of the purposes that call Microsoft, and no other', () => {
    const codes = microsoftPurposes.flatMap(errorsOf);
    expect(codes.length).toBeGreaterThan(140);
    expect(Object.keys(allPlays).sort()).toEqual(codes.sort());
    for (const [code, plays] of Object.entries(allPlays)) {
      expect(plays.length, code).toBeGreaterThan(0);
    }
  });

  it.each(casesOf(authorizationPlays))('%s: %s', async (code, _, play) => {
    const problem = await (play.meet?.(stage) ?? authorize(stage, play));
    if (code === 'authorization_state_expired') stage.argus.advance(-11 * 60_000);
    await expectEntry(problem, code, play);
    // A failure leaves no usable grant.
    expect(await stage.argus.services.db.grant.count({ where: { status: 'authorized' } })).toBe(0);
  });

  const cases = Object.values(grantPurposes).flatMap(({ plays, fail }) =>
    casesOf(plays).map(([code, when, play]) => [code, when, play, fail] as const),
  );
  it.each(cases)('%s: %s', async (code, _, play, fail) => {
    const { argus, user } = stage;
    const accessExpiresAt = play.atToken ? new Date(Date.now() - 1000) : grant.accessExpiresAt;
    await argus.services.db.grant.create({ data: { ...grant, accessExpiresAt } });
    try {
      await play.arrange?.(stage);
      const problem = await (play.meet?.(stage) ?? fail(user));
      await expectEntry(problem, code, play);
      if (catalogueEntry(code).match) await expectGrant(code, problem, fail);
    } finally {
      if (play.endsGrant) await authorizeAnew();
    }
  });
});

/** V09, V10, V11: a grant ends if and only if the entry asks for another authorization, and then repeats why. */
async function expectGrant(code: ErrorCode, problem: Problem, fail: (user: Browser) => Promise<Problem>) {
  const { argus, control, user } = stage;
  const { status, sealedTokens } = await argus.services.db.grant.findFirstOrThrow();
  const { endsGrant = false, endsTokens = false } = catalogueEntry(code);
  const mayRecover = endsGrant && !endsTokens;
  // A refusal that is not about the tokens keeps them, for another try after a pause.
  if (mayRecover) expect(sealedTokens).not.toBeNull();
  // Suspended while an endpoint is elsewhere: the tokens are stored, and work again once it is back.
  const isSuspended = status === 'reconnect_needed' && sealedTokens !== null && !mayRecover;
  if (!isSuspended) expect(status).toBe(asksToReconnect(code) ? 'reconnect_needed' : 'authorized');
  else expect(misconfigured).toBe(true);
  if (!asksToReconnect(code)) return;
  control.clearRequests();
  expect(await fail(user)).toMatchObject({ code, lines: problem.lines });
  expect(control.requests()).toHaveLength(0);
}
