import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PurgeCSS } from 'purgecss';
import type { Plugin } from 'vite';
import { importGraph } from './import-graph.ts';

// The unminified file: the minified one is malformed and breaks Vite's own minifier.
const sldsFile = createRequire(import.meta.url).resolve(
  '@salesforce-ux/design-system/assets/styles/salesforce-lightning-design-system.css',
);
const virtualId = /^virtual:slds-(\w+)\.css$/;
const resolvedId = /^\/@slds\/(\w+)\.css$/;

/** What of SLDS the files use. Class names must stand in full in the sources: `slds-button_${kind}` is not found. */
async function purge(css: string, files: readonly string[]): Promise<string> {
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  const ownVariables = sources.flatMap((source) => source.match(/--slds-[\w-]+/g) ?? []);
  const [purged] = await new PurgeCSS().purge({
    content: sources.map((raw) => ({ raw, extension: 'tsx' })),
    css: [{ raw: css }],
    defaultExtractor: (source) => source.match(/[\w-]+/g) ?? [],
    safelist: { standard: ['html', 'body', ':root'], variables: ownVariables },
    fontFace: true,
    keyframes: true,
    variables: true,
  });
  if (!purged) throw new Error('PurgeCSS returned nothing');
  return purged.css;
}

/**
 * `import 'virtual:slds-NAME.css'` gives the part of the Salesforce Lightning Design System that the page built from `src/NAME.tsx` uses.
 * It stands in a cascade layer, so that our own rules win whatever the order of the style sheets.
 */
export function sldsCss(): Plugin {
  let root = '';
  let building = false;
  return {
    name: 'argus:slds-css',
    configResolved(config) {
      root = config.root;
      building = config.command === 'build';
    },
    resolveId(id) {
      const name = virtualId.exec(id)?.[1];
      return name ? `/@slds/${name}.css` : undefined;
    },
    async load(id) {
      const name = resolvedId.exec(id)?.[1];
      if (!name) return undefined;
      const css = readFileSync(sldsFile, 'utf8').replace('@charset "UTF-8";', '');
      const used = building ? await purge(css, await importGraph(this, join(root, 'src', `${name}.tsx`))) : css;
      return `@layer slds {\n${used}\n}`;
    },
  };
}
