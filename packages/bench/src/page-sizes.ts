import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { precompress } from '../../../apps/web/build/precompress.ts';

const webRoot = resolve(import.meta.dirname, '../../../apps/web/dist');

/** What a page loads before it shows something. Bytes, by gzip. */
export interface PageSize {
  readonly js: number;
  readonly css: number;
}

/** Builds the reference page into a folder. */
export async function buildReferencePage(folder: string): Promise<void> {
  await build({
    root: resolve(import.meta.dirname, 'references/react-page'),
    configFile: false,
    mode: 'production',
    // Whatever runs this: a test would bundle React's development build.
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    plugins: [precompress()],
    build: { outDir: folder, emptyOutDir: true, target: ['chrome123'], modulePreload: { polyfill: false } },
  });
}

async function sizeOf(root: string, page: string, others: readonly string[] = []): Promise<PageSize> {
  const html = await readFile(join(root, page), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path);
  const size = { js: 0, css: 0 };
  for (const path of new Set([...named, ...others])) {
    const { length } = gzipSync(await readFile(join(root, path)), { level: 9 });
    if (path.endsWith('.js')) size.js += length;
    else size.css += length;
  }
  return size;
}

export const sizeOfReferencePage = (folder: string): Promise<PageSize> => sizeOf(folder, 'index.html');

/** The light portlet page with its texts in Japanese, as `pnpm build` left it. */
export async function sizeOfPortletPage(): Promise<PageSize> {
  const html = await readFile(join(webRoot, 'portlet.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  const codes = await Promise.all(scripts.map((path) => readFile(join(webRoot, path), 'utf8')));
  // The texts are loaded by language; both are about as long.
  const texts = codes.map((code) => /import\(`\.\/(portlet-[\w-]+\.js)`\)/.exec(code)?.[1]).find(Boolean);
  if (texts === undefined) throw new Error('The portlet loads no texts.');
  return sizeOf(webRoot, 'portlet.html', [`/assets/${texts}`]);
}
