import { type DictionaryEntry, errorDictionary } from '@argus/contract/errors/error-dictionary';
import { httpStatusReason } from '@argus/contract/errors/http-status-reason';
import { menderLabels } from '@argus/contract/errors/labels';
import { fillText } from '@argus/contract/language';
import { customerLinesOf } from '@argus/contract/test/customer-rows';
import type { FakeMicrosoft } from '@argus/fake-microsoft/start-fake-microsoft';
import { expect, type Page } from '@playwright/test';
import { taroUpn } from '../fixtures/accounts.ts';
import { type Play, playOf } from '../fixtures/play-entry.ts';
import { test } from '../fixtures/test.ts';

const adminUpn = 'admin@contoso.example';
const startPath = '/services/auth/oauth/Microsoft365';

/** Entries that no reply of Microsoft leads to, or none that comes at once: scenarios of their own show them. */
const shownElsewhere: Readonly<Record<string, string>> = {
  authorization_provider_not_found: 'authorization-errors, A1',
  authorization_site_not_registered: 'authorization-errors, A3',
  authorization_timeout: 'authorization-errors, A6',
  authorization_refresh_token_missing: 'mend-from-help-desk-text',
  authorization_mismatch: 'authorization-states',
  authorization_alias_account: 'catalogue-wire (API)',
  authorization_authorize_url_invalid: 'catalogue-wire (API)',
  authorization_not_linked: 'authorization-states',
  authorization_identity_unconfirmed: 'catalogue-wire (API)',
  authorization_issuer_mismatch: 'catalogue-wire (API)',
  authorization_tenant_mismatch: 'catalogue-wire (API)',
  authorization_ticket_invalid: 'embedding, S-13',
  authorization_state_invalid: 'authorization-states',
  authorization_state_expired: 'catalogue-wire (API)',
  mail_timeout: 'new-arrivals-errors, B1',
  mail_connection_moved: 'moved-endpoints, S-2',
  mail_account_mismatch: 'new-arrivals-states, B2',
  mail_provider_not_found: 'new-arrivals-errors, B3',
  mail_site_not_registered: 'new-arrivals-errors, B5',
  mail_token_site_not_registered: 'new-arrivals-errors, B6',
  mail_not_linked: 'new-arrivals-states',
  mail_not_authorized: 'new-arrivals-states',
};

const plays = errorDictionary
  .filter(({ area, kind }) => kind === 'argus' && (area === 'authorization' || area === 'mail'))
  .map((entry) => ({ entry, play: playOf(entry) }));
const playable = plays.filter((each): each is { entry: DictionaryEntry; play: Play } => each.play !== undefined);

for (const area of ['authorization', 'mail'] as const) {
  const shown = playable.filter(({ entry }) => entry.area === area);
  const meet = area === 'authorization' ? meetAtAuthorization : meetInPortlet;

  test(`利用者に表示される画面は、エラー辞典の「${area}」の各項目と一致する`, async ({ user, fake }) => {
    test.setTimeout(240_000);
    const unplayed = plays.filter(({ play }) => play === undefined).map(({ entry }) => entry.code);
    expect(unplayed.sort()).toEqual(Object.keys(shownElsewhere).sort());
    await authorizeOnce(user, fake, taroUpn);
    for (const { entry, play } of shown) {
      await meet(user, fake, taroUpn, play);
      await expectMessageOf(user, entry, play);
      await expect.soft(user.locator('.argus-admin'), entry.code).toHaveCount(0);
    }
  });

  test(`管理者に表示される原因と対応方法は、エラー辞典の「${area}」の各項目と一致する`, async ({ admin, fake }) => {
    test.setTimeout(240_000);
    await authorizeOnce(admin, fake, adminUpn);
    for (const { entry, play } of shown) {
      await meet(admin, fake, adminUpn, play);
      await expectMessageOf(admin, entry, play);
      await expectCausesOf(admin, entry);
    }
  });
}

/** Authorizes up to the outcome page, which tells what went wrong. */
async function meetAtAuthorization(page: Page, fake: FakeMicrosoft, upn: string, { fault }: Play): Promise<void> {
  fake.control.clearFaults();
  fake.control.addFault(fault);
  if (fault.target === 'authorize') await page.goto(startPath);
  else await page.goto(await signedInCallback(page, fake, upn));
}

/** Until the account is pinned, Argus asks Microsoft who signed in, which a token that has ended already would not tell. */
async function authorizeOnce(page: Page, fake: FakeMicrosoft, upn: string): Promise<void> {
  await page.request.get(await signedInCallback(page, fake, upn));
}

/** Authorizes anew, so that nothing of the last fault is remembered, and opens the portlet. */
async function meetInPortlet(page: Page, fake: FakeMicrosoft, upn: string, { fault }: Play): Promise<void> {
  fake.control.clearFaults();
  // With a token that has ended already the portlet asks the token endpoint first.
  fake.control.setTokenLifetime(fault.target === 'token' ? 0 : 3600);
  await page.request.get(await signedInCallback(page, fake, upn));
  fake.control.addFault(fault);
  await page.goto('/');
}

/** Starts an authorization in this browser and signs in at Microsoft: the address to which Microsoft sends the browser. */
async function signedInCallback(page: Page, fake: FakeMicrosoft, upn: string): Promise<string> {
  const start = await page.request.get(startPath, { maxRedirects: 0 });
  const authorizeUrl = start.headers().location ?? '';
  return (await fake.control.signIn({ authorizeUrl, user: upn, accept: true })).redirectUrl;
}

async function expectMessageOf(page: Page, { code, message }: DictionaryEntry, { status }: Play): Promise<void> {
  const values = status === undefined ? {} : { status, reason: httpStatusReason(status).ja };
  // A row of the customer's table is shown in its own words, whatever the catalogue has.
  const lines = customerLinesOf(code) ?? message.ja.map((line) => fillText(line, values).trim());
  const error = page.locator('.argus-error');
  await expect.soft(error, code).toHaveAttribute('data-code', code);
  await expect.soft(error.getByRole('alert').locator('p'), code).toHaveText([...lines]);
}

async function expectCausesOf(page: Page, { code, causes }: DictionaryEntry): Promise<void> {
  const details = page.locator('.argus-admin');
  await details.locator('summary').click();
  const wanted = causes.flatMap(({ condition, place, remedy, menders }) => [
    ['発生条件', condition.ja],
    ...(place ? [['確認箇所', place.ja]] : []),
    ['対応方法', remedy.ja],
    ['対応する人', menders.map((mender) => menderLabels[mender].ja).join(' → ')],
  ]);
  const facts = details.locator('dl').filter({ has: page.getByText('対応方法', { exact: true }) });
  const names = await facts.locator('dt').allInnerTexts();
  const texts = await facts.locator('dd').allInnerTexts();
  const shown = names.map((name, index) => [name, texts[index]?.replace(/\s*設定を開く →$/, '')]);
  expect.soft(shown, code).toEqual(wanted);
  const links = await facts
    .getByRole('link', { name: '設定を開く →' })
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect.soft(links, code).toEqual(causes.flatMap(({ mendAt }) => mendAt ?? []));
}
