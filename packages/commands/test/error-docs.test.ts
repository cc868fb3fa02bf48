import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCodes as codes } from '@argus/contract/errors/codes';
import { catalogueEntry, isErrorCode, microsoftPurposes } from '@argus/contract/errors/error-catalogue';
import { errorDictionary } from '@argus/contract/errors/error-dictionary';
import { fieldErrors, warnings } from '@argus/contract/errors/field-errors';
import { describe, expect, test } from 'vitest';
import { menuPages } from '../../../apps/web/src/pages.ts';
import { errorDocs, screens } from '../src/error-docs.ts';
import { repositoryRoot } from '../src/repository-root.ts';
import { writeErrorDocs } from '../src/write-error-docs.ts';
import { namedTexts } from './named-codes.ts';

const api = namedTexts(repositoryRoot, 'apps/api/tsconfig.json');
const web = namedTexts(repositoryRoot, 'apps/web/tsconfig.json');

/** Codes of other kinds: field faults, warnings, a failed start, the browser's own errors. */
function isOtherCode(text: string): boolean {
  return text in fieldErrors || text in warnings || text === 'database_locked' || text.startsWith('browser_');
}

describe('the catalogue and the sources match', () => {
  test('every code that Argus throws is in the catalogue', () => {
    const thrown = api.filter(({ use }) => use === 'thrown');
    expect(thrown.length).toBeGreaterThan(40);
    expect(thrown.filter(({ text }) => !isErrorCode(text))).toEqual([]);
  });

  test('every code that api and web throw or check exists', () => {
    const named = [...api, ...web].filter(
      // Our codes have at least two words; the operating system and libraries write theirs in capitals.
      ({ text, use }) => (use === 'given' || use === 'compared') && /^[a-z]+(_[a-z]+)+$/.test(text),
    );
    const known = named.filter(({ text }) => isErrorCode(text));
    expect(known.filter(({ file }) => file.startsWith('apps/web/')).length).toBeGreaterThan(10);
    // Few: what the API does about an error is a field of the catalogue.
    expect(known.filter(({ file }) => file.startsWith('apps/api/')).length).toBeGreaterThan(5);
    expect(named.filter(({ text }) => !isErrorCode(text) && !isOtherCode(text))).toEqual([]);
  });

  test('every code of the catalogue can occur: a fact leads to it, or the API itself names it', () => {
    const made = new Set(
      api.flatMap(({ use, text }) =>
        use === 'compared' ? [] : use === 'cause' ? microsoftPurposes.map((purpose) => `${purpose}_${text}`) : [text],
      ),
    );
    const unmet = codes.filter((code) => {
      const { match, catchesAll } = catalogueEntry(code);
      return match === undefined && catchesAll === undefined && !made.has(code);
    });
    expect(unmet).toEqual([]);
  });
});

describe('the catalogue as a file', () => {
  const written = errorDocs();

  test('every entry has its section, in the same order, and there is no other section', () => {
    const sections = Array.from(written.matchAll(/^### (.*)$/gm), ([, title]) => title);
    expect(sections).toEqual(errorDictionary.map(({ code }) => code));
    expect(sections).toEqual(expect.arrayContaining([...codes]));
  });

  test('every link leads to a section', () => {
    const links = Array.from(written.matchAll(/\]\(#(\w+)\)/g), ([, code]) => code);
    expect(links).toEqual(errorDictionary.map(({ code }) => code));
  });

  test('a section has the text of the screen, and every cause with place, remedy and owner', () => {
    const text = written.replaceAll(/〔(\w+)〕/g, '{$1}').replaceAll(/\\([<*`|])/g, '$1');
    const bodies = new Map(text.split(/^### /m).map((part) => [part.slice(0, part.indexOf('\n')), part]));
    for (const { code, message, causes, matches } of errorDictionary) {
      const body = bodies.get(code);
      for (const line of message.ja) expect(body).toContain(`> ${line}`);
      for (const { condition, place, remedy } of causes) {
        expect(body).toContain(`| ${[condition.ja, place?.ja ?? '', remedy.ja].join(' | ')} | `);
      }
      for (const label of matches) expect(body).toContain(`\`${label}\``);
    }
  });

  test('a screen that fixes a cause is a page of the admin menu, with the same name', () => {
    const titles = new Map<string, string>(menuPages.map(({ path, title }) => [path, title.ja]));
    for (const [mendAt, name] of Object.entries(screens)) {
      expect(name.split(' > ')[0]).toBe(titles.get(mendAt.split('?')[0] ?? ''));
    }
  });

  test('the command writes it to a place that git ignores, and creates the folder if necessary', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argus-docs-'));
    try {
      expect(await writeErrorDocs([], folder)).toBe(0);
      expect(await readFile(join(folder, 'docs/errors.md'), 'utf8')).toBe(written);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    expect((await readFile(join(repositoryRoot, '.gitignore'), 'utf8')).split('\n')).toContain('/docs/errors.md');
  });
});

describe('the manual', () => {
  test('docs/operations.md names only codes that exist, and one for each of its faults', async () => {
    const text = await readFile(join(repositoryRoot, 'docs/operations.md'), 'utf8');
    const purposes = microsoftPurposes.join('|');
    const named = Array.from(
      text.matchAll(new RegExp(`\`((?:${purposes}|provider)_[a-z_]*[a-z])\``, 'g')),
      ([, code = '']) => code,
    );
    expect(named.filter((code) => !isErrorCode(code))).toEqual([]);
    const faults = text.split(/^### /m).slice(1);
    expect(faults).toHaveLength(20);
    for (const fault of faults) expect(fault.split('\n')[1]).toMatch(new RegExp(`^- コード: \`(${purposes})_`));
  });
});
