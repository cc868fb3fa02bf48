import { join } from 'node:path';
import { build, type HtmlTagDescriptor, type Plugin } from 'vite';

interface FirstView {
  /** The page, such as "portlet.html". Its files are named relative to the root. */
  readonly page: string;
  readonly entry: string;
  /** A script that runs before the entry has been read. It is bundled alone, so that it waits for no other file. */
  readonly early: string;
  /** What the entry loads later and most readers need at once: their browser fetches it with the page. */
  readonly preload: string;
}

/**
 * Makes a page show its first view early. Whatever its entry imports at once goes into one file, by the bundler's module graph: by default
 * each set of modules that the same entries and lazy parts share is a file, for which a page waits in turns, as a browser has six
 * connections.
 * @returns the plugin, and whether a module is part of the first view, once the graph is complete
 */
export function firstView(view: FirstView): { readonly plugin: Plugin; readonly has: (id: string) => boolean } {
  let root = '';
  let building = false;
  const modules = new Set<string>();
  const plugin: Plugin = {
    name: 'argus:first-view',
    configResolved(config) {
      root = config.root;
      building = config.command === 'build';
    },
    async buildStart() {
      if (!building) return;
      const source = await bundleAlone(join(root, view.early));
      this.emitFile({ type: 'asset', name: 'early.js', source });
    },
    buildEnd() {
      const start = join(root, view.entry);
      const seen = new Set([start]);
      for (const id of seen) for (const imported of this.getModuleInfo(id)?.importedIds ?? []) seen.add(imported);
      seen.delete(start);
      // Style sheets keep the order in which the pages import them.
      for (const id of seen) if (!id.endsWith('.css')) modules.add(id);
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { path, bundle }) {
        if (path !== `/${view.page}`) return [];
        if (bundle === undefined) return [earlyScript(`/${view.early}`)];
        const chunks = Object.values(bundle).filter((each) => each.type === 'chunk');
        const preloaded = chunks.find(({ facadeModuleId }) => facadeModuleId === join(root, view.preload));
        const script = Object.values(bundle).find((each) => each.type === 'asset' && each.names.includes('early.js'));
        if (!preloaded || !script) throw new Error(`The build lacks a file of ${view.page}.`);
        const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${preloaded.fileName}` };
        return [earlyScript(`/${script.fileName}`), { tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
  return { plugin, has: (id) => modules.has(id) };
}

async function bundleAlone(input: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, modulePreload: false, rolldownOptions: { input, output: { format: 'iife' } } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  const [chunk] = result !== undefined && 'output' in result ? result.output : [];
  if (chunk === undefined) throw new Error(`Nothing was built of ${input}.`);
  return chunk.code;
}

/** Async: otherwise it would wait for the style sheets, and for its turn. */
function earlyScript(src: string): HtmlTagDescriptor {
  return { tag: 'script', attrs: { type: 'module', async: true, crossorigin: true, src }, injectTo: 'head-prepend' };
}
