import { describe, expect, it } from 'vitest';
import { accountKey } from '../src/account-key.ts';
import { httpStatusReason } from '../src/errors/http-status-reason.ts';
import { fillText, fromAcceptLanguage } from '../src/language.ts';
import { toSalesforceId18 } from '../src/salesforce-id.ts';

describe('account names', () => {
  it.each([
    [' Taro.Yamada@Contoso.example ', 'taro.yamada@contoso.example'],
    ['ＴＡＲＯ＠contoso.example', 'taro@contoso.example'],
    ['ﾔﾏﾀﾞ', 'ヤマダ'],
  ])('%s compares as %s', (text, key) => {
    expect(accountKey(text)).toBe(key);
  });
});

describe('Salesforce ids', () => {
  it.each([
    ['a01M00000062mPg', 'a01M00000062mPgIAI'],
    ['001M000000qfPyS', '001M000000qfPySIAU'],
    ['aBcDEfgHIJKLMNO', 'aBcDEfgHIJKLMNO025'],
  ])('%s has the 18-character form %s', (id15, id18) => {
    expect(toSalesforceId18(id15)).toBe(id18);
    expect(toSalesforceId18(id18)).toBe(id18);
    expect(toSalesforceId18(id18.toLowerCase())).toBe(id18);
    expect(toSalesforceId18(id18.toUpperCase())).toBe(id18);
  });

  it.each(['', '001M000000qfPy', '001M000000qfPySIA', '001M000000qfPy-', '001M000000qfPySIAUX'])(
    '%j is not a Salesforce id',
    (text) => {
      expect(toSalesforceId18(text)).toBeUndefined();
    },
  );
});

describe('language', () => {
  it.each([
    [undefined, 'ja'],
    ['', 'ja'],
    ['en-US,en;q=0.9', 'en'],
    ['fr, en;q=0.2, ja;q=0.5', 'ja'],
    ['de', 'ja'],
    ['ja;q=0, en;q=0.1', 'en'],
    ['*', 'ja'],
  ])('Accept-Language %j is answered in %s', (header, language) => {
    expect(fromAcceptLanguage(header)).toBe(language);
  });

  it('fills values into a text as they are, once', () => {
    expect(fillText('{a} と {b}', { a: '{b}', b: 1 })).toBe('{b} と 1');
    expect(fillText('{missing}', {})).toBe('');
  });

  it('has a reason for every status', () => {
    expect(httpStatusReason(403).ja).toBe('アクセスが拒否されました。');
    for (let status = 400; status < 600; status++) expect(httpStatusReason(status).ja).toBeTruthy();
  });
});
