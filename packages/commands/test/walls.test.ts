import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../src/repository-root.ts';
import { runProgram } from '../src/run-tool.ts';
import { blindSpots } from '../src/verify.ts';

const calls = [
  ['fetch', "export const reply = await fetch('https://a.example');"],
  ['fetch of globalThis', "export const reply = await globalThis.fetch('https://a.example');"],
  ['a renamed fetch', 'const get = fetch;\nexport const reply = get;'],
  ['node:http', "import http from 'node:http';\nexport const agent = http.globalAgent;"],
  ['node:https, imported later', "export const https = await import('node:https');"],
  ['undici', "import { request } from 'undici';\nexport const call = request;"],
  ['node:net', "import { connect } from 'node:net';\nexport const call = connect;"],
] as const;
const inModule = (index: number) => `apps/api/src/mail/call-${index}.ts`;
const inEgress = (index: number) => `packages/egress/src/call-${index}.ts`;

/** The lint rules that these files violate, each once, by file; the tree has the repository's configuration. */
async function lint(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const tree = await mkdtemp(join(tmpdir(), 'argus-walls-'));
  try {
    for (const file of ['biome.json', '.gitignore']) await cp(join(repositoryRoot, file), join(tree, file));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), text);
    }
    const biome = join(repositoryRoot, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', ...Object.keys(files)];
    const { output } = await runProgram(process.execPath, args, { folder: tree, output: 'keep' });
    const { diagnostics } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
      diagnostics: { category: string; location: { path: string } }[];
    };
    const broken = new Map(Object.keys(files).map((file) => [file, new Set<string>()]));
    for (const { category, location } of diagnostics) broken.get(location.path)?.add(category);
    return broken;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

describe('E14: a call that bypasses the egress fails the lint', () => {
  let broken: ReadonlyMap<string, ReadonlySet<string>>;
  beforeAll(async () => {
    const files = calls.flatMap(([, text], index) => [
      [inModule(index), text],
      [inEgress(index), text],
    ]);
    broken = await lint(Object.fromEntries(files));
  });

  test.each(calls.map(([name], index) => [name, index] as const))('%s', (_name, index) => {
    const rules = [...(broken.get(inModule(index)) ?? [])];
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatch(/^lint\/(style|nursery)\/no(JsR|R)estricted(Globals|Imports|Properties)$/);
    expect([...(broken.get(inEgress(index)) ?? ['not linted'])]).toEqual([]);
  });
});

test('a cruise that did not read TypeScript is noticed', () => {
  const importing = { source: 'apps/api/src/a.ts', dependencies: [{ resolved: 'apps/api/src/b.ts' }] };
  const alone = { source: 'apps/api/src/b.ts', dependencies: [] };
  const sources = ['apps/api/src/a.ts', 'apps/api/src/b.ts', 'apps/web/src/app.css'];
  expect(blindSpots({ modules: [importing, alone], summary: { violations: [] } }, sources)).toEqual([]);
  const unread = [{ ...importing, dependencies: [] }, alone];
  expect(blindSpots({ modules: unread, summary: { violations: [] } }, sources)).toHaveLength(1);
  expect(blindSpots({ modules: [importing], summary: { violations: [] } }, sources)).toEqual([
    'not seen: apps/api/src/b.ts',
  ]);
});
