import { describe, expect, test } from 'vitest';
import { argus, stageArgus } from '../support/stage-argus.ts';

stageArgus();

describe('a browser that stores no cookies', () => {
  test('field D8: is recognised before anybody types a password', async () => {
    const chrome = argus.browser();
    expect((await chrome.call('GET /api/session')).cookieSent).toBe(false);
    expect((await chrome.call('GET /api/session')).cookieSent).toBe(true);
    // Safari drops every Secure cookie that comes over http, also from localhost.
    const safari = argus.browser();
    for (let i = 0; i < 3; i += 1) {
      expect((await safari.call('GET /api/session')).cookieSent).toBe(false);
      safari.cookies.clear();
    }
  });
});
