import { useState } from 'react';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { loadAdminTexts } from '../src/i18n/load-admin-texts.ts';
import { MoreTexts } from '../src/i18n/text-context.tsx';
import { askForPassword } from '../src/lib/ask-for-password.ts';
import { PasswordGate } from '../src/ui/password-gate.tsx';
import { renderView } from './support/render-view.tsx';
import { api, stageView } from './support/stage-view.ts';

stageView();

/** A page with the gate, which `leave` takes away. */
let leave = () => {};
function Page() {
  const [here, setHere] = useState(true);
  leave = () => setHere(false);
  return here ? (
    <>
      <PasswordGate />
      <p>ready</p>
    </>
  ) : null;
}

test('one dialog answers all the requests that need the proof, and the next asks anew', async () => {
  api.answer({ 'POST /api/session/reauthentication': { until: '2026-11-21T09:10:00Z', csrfToken: 't2' } });
  await renderView(
    <MoreTexts load={loadAdminTexts}>
      <Page />
    </MoreTexts>,
  );
  await expect.element(page.getByText('ready')).toBeVisible();
  const both = Promise.all([askForPassword(), askForPassword()]);
  await page.getByLabelText(/^あなたのパスワード/).fill('secret');
  await page.getByRole('dialog').getByRole('button', { name: '確認して続ける' }).click();
  expect(await both).toEqual([true, true]);
  const third = askForPassword();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'キャンセル' }).first().click();
  expect(await third).toBe(false);
});

test('who leaves the page while the password is asked for gives no proof, and nothing stays busy', async () => {
  await renderView(
    <MoreTexts load={loadAdminTexts}>
      <Page />
    </MoreTexts>,
  );
  await expect.element(page.getByText('ready')).toBeVisible();
  const asked = askForPassword();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  leave();
  expect(await asked).toBe(false);
});
