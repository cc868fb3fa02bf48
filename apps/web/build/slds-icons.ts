import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const iconFolder = join(
  dirname(createRequire(import.meta.url).resolve('@salesforce-ux/design-system/package.json')),
  'assets/icons',
);
const virtualId = 'virtual:slds-icons';
const attribution =
  '<!-- Icons of the Salesforce Lightning Design System, unchanged. Copyright Salesforce, Inc. Licence: CC BY-ND 4.0, https://creativecommons.org/licenses/by-nd/4.0/ -->';

/** One SVG file that holds the symbols named `set:icon` (as in `utility:email`), exactly as SLDS ships them. */
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

/** `import url from 'virtual:slds-icons'` gives the address of a sprite with the named SLDS icons and no others. */
export function sldsIcons(names: readonly string[]): Plugin {
  let building = false;
  return {
    name: 'argus:slds-icons',
    configResolved(config) {
      building = config.command === 'build';
    },
    resolveId(id) {
      return id === virtualId ? `\0${virtualId}` : undefined;
    },
    load(id) {
      if (id !== `\0${virtualId}`) return undefined;
      if (!building) return `export default '/@slds/icons.svg'`;
      const file = this.emitFile({ type: 'asset', name: 'icons.svg', source: sprite(names) });
      return `export default import.meta.ROLLUP_FILE_URL_${file}`;
    },
    configureServer(server) {
      server.middlewares.use('/@slds/icons.svg', (_request, response) => {
        response.setHeader('content-type', 'image/svg+xml').end(sprite(names));
      });
    },
  };
}
