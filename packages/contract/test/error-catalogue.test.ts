import { describe, expect, it } from 'vitest';
import { endpointMap } from '../src/endpoint-map.ts';
import type { Endpoint } from '../src/endpoints/endpoint.ts';
import { connectionCauses } from '../src/errors/causes/connection.ts';
import { graphCauses } from '../src/errors/causes/graph.ts';
import { refreshCauses } from '../src/errors/causes/token.ts';
import { errorCodes } from '../src/errors/codes.ts';
import { entriesOf, type PurposeErrors, stageOf } from '../src/errors/compose.ts';
import type { Behaviour, GuideRow } from '../src/errors/entry.ts';
import { catalogueEntry, type ErrorCode, isErrorCode, purposeErrors } from '../src/errors/error-catalogue.ts';
import { fieldErrors, warnings } from '../src/errors/field-errors.ts';
import type { Known } from '../src/errors/known.ts';
import { menders, stages } from '../src/errors/labels.ts';
import { likeliestFirst } from '../src/errors/likeliest-first.ts';
import { causeOf, codeOf } from '../src/errors/public-code.ts';
import { hasTrait, screenTraits } from '../src/errors/screen-traits.ts';
import { type SignInPage, signInPages } from '../src/errors/sign-in-pages.ts';
import { customerRows } from './customer-rows.ts';

const codes = errorCodes;

/** Known owners, each once; they include the user if the remedy is to authorize again. */
function expectMenders(cause: GuideRow): void {
  expect(cause.menders.length).toBe(new Set(cause.menders).size);
  expect(menders).toEqual(expect.arrayContaining([...cause.menders]));
  if (cause.remedy.ja.includes('利用者にもう一度認証してもらってください')) expect(cause.menders).toContain('user');
}

const shownRows = customerRows.flatMap((row) => row.codes.map((code) => [row.row, code, row] as const));

describe('the error catalogue', () => {
  it.each(shownRows)('%s is shown word by word: %s', (row, code, { lines }) => {
    expect(catalogueEntry(code).row).toBe(row);
    expect(catalogueEntry(code).message.ja).toEqual(lines);
  });

  it.each(customerRows)("$row: the customer's guide is shown word for word, wherever it is shown", (told) => {
    const guides = codes.flatMap((code) => catalogueEntry(code).causes.filter(({ row }) => row === told.row));
    expect(guides.length).toBeGreaterThan(0);
    for (const { condition, place, remedy } of guides) {
      expect([condition.ja, place?.ja, remedy.ja]).toEqual([told.condition, told.place, told.remedy]);
    }
  });

  it('every row of the customer begins with a reason that has a remedy, and a place if the guide names one', () => {
    for (const [row, code, { place }] of shownRows) {
      const [reason] = catalogueEntry(code).causes;
      expect(reason?.condition.ja, row).toBeTruthy();
      expect(reason?.remedy.ja, row).toBeTruthy();
      if (place !== undefined) expect(reason?.place?.ja, row).toBeTruthy();
    }
  });

  it.each([
    ['authorization_site_not_registered', ['A3b', 'A3']],
    ['mail_site_not_registered', ['B5b', 'B5']],
    ['mail_token_site_not_registered', ['B6b', 'B6']],
  ] as const)('%s: a blocked call shows both causes, the wrong URL first', (code, rows) => {
    const { causes } = catalogueEntry(code);
    const rowsOf = (known: Known) => likeliestFirst(causes, [known]).map(({ row }) => row);
    expect(rowsOf('site_not_switched_off')).toEqual(rows);
    // people 4: a site that is switched off is the first cause; that it is not registered is none.
    expect(rowsOf('site_switched_off')).toEqual([undefined, rows[0]]);
  });

  it.each(codes)('%s is complete in both languages', (code) => {
    const entry = catalogueEntry(code);
    const texts = [
      entry.message,
      ...entry.causes.flatMap((cause) => [cause.condition, cause.remedy, cause.place ?? []]),
    ];
    for (const text of [entry.message, ...entry.causes.flatMap((cause) => [cause.condition, cause.remedy])]) {
      for (const language of ['ja', 'en'] as const) {
        const lines = [text[language]].flat();
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line.trim()).not.toBe('');
      }
    }
    expect(texts.length).toBeGreaterThan(0);
    expect(entry.message.ja.length).toBe(entry.message.en.length);
    const holes = (lines: readonly string[]) => [...lines.join('\n').matchAll(/\{\w+\}/g)].map(String).sort();
    expect(holes(entry.message.ja)).toEqual(holes(entry.message.en));
  });

  it('A2+: every error of the redirect shows the message of A2', () => {
    for (const code of codes.filter((each) => catalogueEntry(each).row === 'A2+')) {
      expect(catalogueEntry(code).message, code).toEqual(catalogueEntry('authorization_declined').message);
    }
  });

  it.each(codes)('%s names the stage at which it occurs, and the owner of each of its causes', (code) => {
    const entry = catalogueEntry(code);
    const { causes, logged } = entry;
    expect(stages).toContain(stageOf(entry));
    for (const cause of causes) expectMenders(cause);
    if (logged) expect(causes.length).toBeGreaterThan(0);
  });

  it('combines purposes and causes to the listed codes, each once, and to no other', () => {
    const made = Object.values(purposeErrors).flatMap(({ purpose, causes }) =>
      Object.keys(causes).map((cause) => codeOf(purpose, cause)),
    );
    expect(made.toSorted()).toEqual(errorCodes.toSorted());
  });

  it.each(codes)('%s names its cause', (code) => {
    expect(codeOf(catalogueEntry(code).purpose, causeOf(code))).toBe(code);
  });

  const traits = Object.keys(screenTraits) as (keyof typeof screenTraits)[];
  it.each(traits)('%s reaches browsers as the catalogue has it', (trait) => {
    const having = codes.filter((code) => catalogueEntry(code)[trait]);
    expect(codes.filter((code) => hasTrait(trait, { code }))).toEqual(having);
    const causes = new Set<string>(having.map(causeOf));
    expect(screenTraits[trait].toSorted()).toEqual([...causes].toSorted());
  });

  it.each(codes)('%s reads purpose_cause and has a status of an error', (code) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)+$/);
    const { status, retry, retryAfterSeconds } = catalogueEntry(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(retryAfterSeconds !== undefined).toBe(retry === 'later');
  });

  it('field errors and warnings are complete in both languages, with the same values to fill in', () => {
    for (const [code, text] of Object.entries({ ...fieldErrors, ...warnings })) {
      const holes = (line: string) => [...line.matchAll(/\{\w+\}/g)].map(String).sort();
      expect(text.ja.trim(), code).not.toBe('');
      expect(text.en.trim(), code).not.toBe('');
      expect(holes(text.ja), code).toEqual(holes(text.en));
    }
  });
});

describe('a purpose that has no causes of its own', () => {
  const words = {
    failed: { ja: 'タスクの取得に失敗しました。', en: 'The tasks could not be fetched.' },
    again: { ja: 'もう一度、認証してください。', en: 'Authorize again.' },
    later: { ja: '時間を置いてください。', en: 'Wait a while.' },
    timedOut: { ja: 'タスク取得実行時にタイムアウトが発生しました。', en: 'Fetching the tasks timed out.' },
    data: { ja: 'タスク', en: 'tasks' },
    shown: { ja: 'タスク', en: 'your tasks' },
  };
  // Under the name of a purpose that there is, as the names are a closed list.
  const tasks = {
    purpose: 'mail',
    calls: ['token', 'graph'],
    usesGrant: true,
    words,
    causes: { ...refreshCauses, ...graphCauses, ...connectionCauses },
  } as const satisfies PurposeErrors;
  const entries = Object.entries(entriesOf(tasks));

  it.each(entries)('%s is worded only by its purpose', (_, { message }) => {
    expect(message.ja.join('')).not.toMatch(/メール(?!ボックス)/);
    expect(message.en.join(' ')).not.toMatch(/\bmail\b/);
  });

  it('names what it will show and what has failed', () => {
    const { mail_not_authorized, mail_account_mismatch, mail_timeout } = entriesOf(tasks);
    expect(mail_not_authorized.message.ja).toEqual(['タスクを表示するには、Microsoft 365 との認証が必要です。']);
    expect(mail_not_authorized.message.en).toEqual(['To see your tasks, connect Microsoft 365.']);
    expect(mail_account_mismatch.message.ja[0]).toBe(words.failed.ja);
    expect(mail_timeout.message.ja[0]).toBe(words.timedOut.ja);
  });

  it('has a class for each of its calls, and the fields that screens and code depend on', () => {
    const classes = entries.flatMap(([, { catchesAll = [] }]) => catchesAll);
    expect(classes.toSorted()).toEqual(['graph', 'token']);
    const of = (field: keyof Behaviour) => entries.filter(([, entry]) => entry[field]).map(([code]) => causeOf(code));
    for (const trait of Object.keys(screenTraits) as (keyof typeof screenTraits)[]) {
      const known: readonly string[] = screenTraits[trait];
      // Nobody declines where a grant is only used.
      if (trait !== 'declinedByUser') expect(of(trait).length, trait).toBeGreaterThan(0);
      for (const cause of of(trait)) expect(known).toContain(cause);
    }
  });

  it('does not compile without the causes that Argus itself finds', () => {
    const { not_linked, ...lacking } = tasks.causes;
    // @ts-expect-error not_linked is lacking
    const purpose: PurposeErrors = { ...tasks, causes: lacking };
    expect(purpose.causes).not.toHaveProperty('not_linked');
    expect(not_linked.asksForLink).toBe(true);
  });
});

describe('the facts that identify errors', () => {
  const rules = codes.flatMap((code) => {
    const { purpose, match = [] } = catalogueEntry(code);
    return match.map((rule) => ({ code, purpose, rule }));
  });

  it('no AADSTS number, Graph code, OAuth error or network fault is claimed twice for the same case', () => {
    const claimed = new Map<string, ErrorCode>();
    for (const { code, purpose, rule } of rules) {
      const { call, claimsChallenge, segmentNotFound, malformed, knows, numbers } = rule;
      const cases = [rule.oauth ?? ['-'], typeof rule.status === 'string' ? [rule.status] : (rule.status ?? ['-'])];
      const facts = [...(rule.aadsts ?? []), ...(rule.graph ?? []), ...(rule.suberror ?? []), ...(rule.network ?? [])];
      for (const fact of facts.length > 0 ? facts : ['-'])
        for (const oauth of cases[0] ?? [])
          for (const status of cases[1] ?? []) {
            const key = [
              purpose,
              call,
              fact,
              oauth,
              status,
              claimsChallenge,
              segmentNotFound,
              malformed,
              knows,
              numbers,
            ].join(' ');
            expect(claimed.get(key), `${key} of ${code}`).toBeUndefined();
            claimed.set(key, code);
          }
    }
    expect(claimed.size).toBeGreaterThan(200);
  });

  it('a rule belongs to a call of its purpose, and has at least one condition', () => {
    for (const { code, purpose, rule } of rules) {
      expect(purposeErrors[purpose].calls, code).toContain(rule.call);
      expect(Object.keys(rule).length, code).toBeGreaterThan(1);
      for (const list of Object.values(rule)) if (Array.isArray(list)) expect(list.length, code).toBeGreaterThan(0);
    }
  });

  it('O11: a number in the prose of a redirect only refines an OAuth error', () => {
    for (const { code, rule } of rules.filter((each) => each.rule.call === 'authorize')) {
      expect(rule.oauth?.length ?? 0, code).toBeGreaterThan(0);
    }
  });

  it('every call has exactly one class for unrecognised errors', () => {
    const classes = codes.flatMap((code) => {
      const { purpose, catchesAll = [] } = catalogueEntry(code);
      return catchesAll.map((call) => `${purpose} ${call}`);
    });
    const calls = Object.values(purposeErrors).flatMap((errors) =>
      errors.calls.map((call) => `${errors.purpose} ${call}`),
    );
    expect(classes.sort()).toEqual(calls.sort());
    expect(purposeErrors.authorization.calls).toEqual(['authorize', 'token', 'identity']);
    expect(purposeErrors.mail.calls).toEqual(['token', 'graph']);
  });

  it('V09, V10, V11: only answers about the user or the grant end a grant, and every one of them does', () => {
    const ends = codes.filter((code) => {
      const { match, endsGrant } = catalogueEntry(code);
      return match && endsGrant;
    });
    const aboutTheUser = ['invalid_grant', 'interaction_required', 'consent_required', 'login_required'];
    const named = new Set(
      ends.flatMap((code) => (catalogueEntry(code).match ?? []).flatMap((rule) => rule.oauth ?? [])),
    );
    expect([...named].sort()).toEqual([...aboutTheUser].sort());
    for (const code of ends) {
      const { match = [], message } = catalogueEntry(code);
      for (const rule of match) expect(rule.status ?? rule.network ?? rule.malformed, code).toBeUndefined();
      // It is shown again later, when only the code is known.
      expect(message.ja.join(' ') + message.en.join(' '), code).not.toContain('{');
    }
  });
});

describe("the pages of Microsoft's own sign-in", () => {
  it.each(Object.entries<SignInPage>(signInPages))('%s is complete in both languages', (code, page) => {
    expect(code).toMatch(/^sign_in_page(_[a-z]+)+$/);
    expect(isErrorCode(code)).toBe(false);
    expect(page.message.ja.length).toBe(page.message.en.length);
    for (const language of ['ja', 'en'] as const) {
      const texts = page.causes.flatMap((cause) => [cause.condition, cause.remedy, cause.place ?? []].flat());
      for (const line of [...page.message[language], ...texts.map((text) => text[language])]) {
        expect(line.trim()).not.toBe('');
      }
    }
    for (const cause of page.causes) expectMenders(cause);
  });

  it('no AADSTS number belongs to two pages', () => {
    const numbers = Object.values<SignInPage>(signInPages).flatMap((page) => page.aadsts);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('the endpoint map', () => {
  it('names an access for every endpoint, and asks for an administrator on every /api/admin path', () => {
    for (const [key, endpoint] of Object.entries<Endpoint>(endpointMap)) {
      const path = key.split(' ')[1] ?? '';
      expect(endpoint.access === 'admin', key).toBe(path.startsWith('/api/admin/'));
      expect(Object.keys(endpoint.replies), key).toHaveLength(1);
    }
  });

  it('accepts only closed bodies: an unknown field is refused, not ignored', () => {
    for (const [key, endpoint] of Object.entries<Endpoint>(endpointMap)) {
      if (endpoint.body)
        expect((endpoint.body as { additionalProperties?: unknown }).additionalProperties, key).toBe(false);
    }
  });
});
