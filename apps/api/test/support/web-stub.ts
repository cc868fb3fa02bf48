import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The content of the SPA's page here. */
export const stubText = 'only a page of the SPA';

/** A folder like the web's build with almost nothing in it: the pages are served and redirect as usual. */
export async function buildWebStub(): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'argus-web-stub-'));
  await mkdir(join(root, 'assets'));
  for (const page of ['index.html', 'portlet.html']) await writeFile(join(root, page), `<p>${stubText}</p>`);
  await writeFile(join(root, 'assets', 'app.js'), '// nothing');
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
