import { expect } from 'vitest';
import { page } from 'vitest/browser';

/** No page may be wider than the window: nothing would be reachable by scrolling down alone. */
export async function expectNoSidewaysScroll(width: number): Promise<void> {
  await page.viewport(width, 800);
  const { documentElement: root } = document;
  await expect.poll(() => root.scrollWidth - root.clientWidth).toBeLessThanOrEqual(0);
}
