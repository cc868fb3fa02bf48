import type { Language } from '@argus/contract/language';
import { describe, expect, test } from 'vitest';
import { pages } from '../pages.ts';
import { adminTexts as enAdmin } from './en/admin.ts';
import { portalTexts as enPortal } from './en/portal.ts';
import { adminTexts as jaAdmin } from './ja/admin.ts';
import { portalTexts as jaPortal } from './ja/portal.ts';

const titlesIn = (language: Language) =>
  Object.fromEntries(
    Object.entries(pages).flatMap(([key, page]) => ('title' in page ? [[key, page.title[language]]] : [])),
  );
const japanese = { ...jaPortal, ...jaAdmin, pages: titlesIn('ja') };
const english = { ...enPortal, ...enAdmin, pages: titlesIn('en') };

/** Sample values for texts about a list, by dotted key. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'triage/dictionary.mendersInTurn': ['portal_admin', 'user'],
};

/** Every text by its dotted key. A list counts as one text per line; a function as its result for sample values. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  if (typeof value === 'function') {
    const samples = Array.from({ length: value.length }, () => lists[path] ?? 3);
    return new Map([[path, String(value(...samples))]]);
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no text`);
  return new Map(Object.entries(value).flatMap(([key, part]) => [...flatten(part, path ? `${path}.${key}` : key)]));
}

const texts = { ja: flatten(japanese), en: flatten(english) };

test('Japanese and English have the same keys, all the way down', () => {
  expect([...texts.en.keys()].sort()).toEqual([...texts.ja.keys()].sort());
  expect(texts.ja.size).toBeGreaterThan(150);
});

describe.each(['ja', 'en'] as const)('%s', (language) => {
  test('no text is empty', () => {
    const empty = [...texts[language]].filter(([, text]) => text.trim() === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });
});

test('English texts hold no Japanese', () => {
  const left = [...texts.en].filter(([, text]) => /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(text));
  expect(left).toEqual([]);
});
