import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildReferencePage, sizeOfPortletPage, sizeOfReferencePage } from '../src/page-sizes.ts';

test('F7: the portlet page loads at most 20 kB of scripts more than React and React Query alone, and 8 kB of styles', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-reference-page-'));
  try {
    await buildReferencePage(folder);
    const [portlet, reference] = [await sizeOfPortletPage(), await sizeOfReferencePage(folder)];
    // The reference is what it says: otherwise the portlet would be compared with nothing.
    expect(reference.js).toBeGreaterThan(70_000);
    expect(reference.js).toBeLessThan(85_000);
    expect(portlet.js - reference.js).toBeLessThanOrEqual(20_000);
    expect(portlet.css).toBeLessThanOrEqual(8_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
