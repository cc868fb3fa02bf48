import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { importGraph } from './import-graph.ts';

const iconFolder = join(
  dirname(createRequire(import.meta.url).resolve('@salesforce-ux/design-system/package.json')),
  'assets/icons',
);
const virtualId = /^virtual:slds-(\w+)-icons$/;
const resolvedId = /^\0slds-(\w+)-icons$/;
const attribution =
  '<!-- Icons of the Salesforce Lightning Design System, unchanged. Copyright Salesforce, Inc. Licence: CC BY-ND 4.0, https://creativecommons.org/licenses/by-nd/4.0/ -->';

/** One SVG that holds the symbols named `set:icon` (as in `utility:email`), exactly as SLDS ships them. */
function sprite(names: readonly string[]): string {
  const symbols = names.map((name) => {
    const [set, icon] = name.split(':');
    const source = readFileSync(join(iconFolder, `${set}-sprite/svg/symbols.svg`), 'utf8');
    const found = [...source.matchAll(/<symbol\b[^>]*>.*?<\/symbol>/gs)].find(([s]) => s.includes(` id="${icon}"`));
    if (!found) throw new Error(`SLDS has no icon ${name}`);
    return found[0].replace(` id="${icon}"`, ` id="${set}-${icon}"`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${attribution}${symbols.join('')}</svg>`;
}

/**
 * `import icons from 'virtual:slds-NAME-icons'` gives a sprite, as text, of those of the named icons that the page built from
 * `src/NAME.tsx` uses. As text, because a sprite that must be fetched is missing exactly when the network is.
 * @param names every icon that may be used
 * @param declaredIn the file that lists them, which itself counts as no use
 * @param ofPages a file that names the icons of pages, and the one without which no menu shows them
 */
export function sldsIcons(
  names: readonly string[],
  declaredIn: string,
  ofPages: { readonly namedIn: string; readonly shownWith: string },
): Plugin {
  let root = '';
  let building = false;
  return {
    name: 'argus:slds-icons',
    configResolved(config) {
      root = config.root;
      building = config.command === 'build';
    },
    resolveId(id) {
      const name = virtualId.exec(id)?.[1];
      return name ? `\0slds-${name}-icons` : undefined;
    },
    async load(id) {
      const name = resolvedId.exec(id)?.[1];
      if (!name) return undefined;
      if (!building) return `export default ${JSON.stringify(sprite(names))}`;
      const graph = await importGraph(this, join(root, 'src', `${name}.tsx`));
      const unused = [join(root, declaredIn)];
      if (!graph.includes(join(root, ofPages.shownWith))) unused.push(join(root, ofPages.namedIn));
      const files = graph.filter((file) => !unused.includes(file));
      const sources = files.map((file) => readFileSync(file, 'utf8'));
      const used = names.filter((icon) =>
        sources.some((source) => source.includes(`'${icon}'`) || source.includes(`"${icon}"`)),
      );
      return `export default ${JSON.stringify(sprite(used))}`;
    },
  };
}
