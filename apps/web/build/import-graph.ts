import type { Rolldown } from 'vite';

const isSource = (id: string) => /\.tsx?$/.test(id) && !id.includes('/node_modules/');

/**
 * The own source files that an entry reaches, lazy ones included, by the bundler's module graph; the entry is the first. Texts and
 * styles that belong to one page only are thereby told apart without a list that could go stale.
 */
export async function importGraph(context: Rolldown.PluginContext, entry: string): Promise<readonly string[]> {
  const seen = new Set<string>([entry]);
  for (const id of seen) {
    const info = await context.load({ id, resolveDependencies: true });
    for (const target of [...info.importedIds, ...info.dynamicallyImportedIds]) if (isSource(target)) seen.add(target);
  }
  return [...seen];
}
