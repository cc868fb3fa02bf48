import { afterEach, beforeEach, vi } from 'vitest';
import { page } from 'vitest/browser';
import { taroSession } from './replies.ts';
import { type ServedApi, serveApi } from './serve-api.ts';

/** The API of the running test. */
export let api: ServedApi;

/** Before each test of the file: a wide window, and an API to which 山田 太郎 is signed in. */
export function stageView(): void {
  beforeEach(async () => {
    await page.viewport(1280, 800);
    api = serveApi({ 'GET /api/session': taroSession });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}
