import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const relativeImport = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"?]+)(?:\?[^'"]*)?['"]/g;

/**
 * The source files that an entry reaches through relative imports, lazy ones included; the entry is the first.
 * Texts and styles that belong to one page only are thereby told apart without a list that could go stale.
 */
export function importGraph(entry: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(relativeImport)) {
      visit(resolve(dirname(file), target));
    }
  };
  visit(entry);
  return [...seen];
}
