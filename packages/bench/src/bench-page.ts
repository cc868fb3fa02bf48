/// <reference lib="dom" />

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { buildReferencePage, sizeOfPortletPage, sizeOfReferencePage } from './page-sizes.ts';
import { onPortletStage } from './portlet-stage.ts';
import type { PageServerOptions } from './references/page-server.ts';
import { alternate, type ResultRow, spreadOf } from './rounds.ts';
import { startServer } from './start-process.ts';

/** Chromium's own "Fast 4G". */
const fast4g = { offline: false, latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 };
const slowerCpu = 4;

interface Opened {
  /** Milliseconds from the start of the navigation until the first row was painted. */
  readonly firstRow: number;
}

/** Opens a page in a browser without a cache. */
async function open(browser: Browser, url: string, row: string, cookie?: string): Promise<Opened> {
  const context = await browser.newContext({ locale: 'ja' });
  try {
    const page = await context.newPage();
    if (cookie) {
      // The page sets it itself: a __Host- cookie has neither a domain nor, over http, a way through the protocol.
      await page.goto(new URL('/healthz', url).href);
      await page.evaluate((pair) => {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API cannot set this one over http
        document.cookie = `${pair}; Secure; Path=/`;
      }, cookie);
    }
    await page.addInitScript((selector) => {
      const look = () => {
        if (document.querySelector(selector)) Object.assign(window, { firstRow: performance.now() });
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, row);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowerCpu });
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', fast4g);
    await page.goto(url, { waitUntil: 'commit' });
    const firstRow = await page.waitForFunction(() => (window as { firstRow?: number }).firstRow);
    return { firstRow: (await firstRow.jsonValue()) ?? 0 };
  } finally {
    await context.close();
  }
}

/** F7: how soon the portlet page shows mail, and how much it loads for that. */
export async function benchPage(serverUrl: string, rounds: number, executablePath: string): Promise<ResultRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-bench-page-'));
  await buildReferencePage(folder);
  const options: PageServerOptions = { root: folder };
  const reference = await startServer(resolve(import.meta.dirname, 'references/page-server.ts'), options);
  const browser = await chromium.launch({ executablePath });
  try {
    return await onPortletStage(serverUrl, async ({ argus, seed }) => {
      const [cookie = ''] = await seed({ users: 1, list: null });
      const fetched = await fetch(`${argus.url}/api/new-arrivals`, { headers: { cookie } });
      if (!fetched.ok) throw new Error(`The list could not be fetched: ${fetched.status}.`);
      const measured = await alternate(
        rounds,
        () => open(browser, reference.url, 'li'),
        () => open(browser, `${argus.url}/portlet`, '.argus-mails li', cookie),
      );
      const median = (who: 'reference' | 'argus') => spreadOf(measured.map((round) => round[who].firstRow)).median;
      const [own, least] = [await sizeOfPortletPage(), await sizeOfReferencePage(folder)];
      const kilobytes = (bytes: number) => bytes / 1000;
      return [
        {
          id: 'F7',
          what: 'portlet page: first row visible',
          figure: spreadOf(measured.map(({ reference: its, argus: ours }) => ours.firstRow / its.firstRow)),
          limit: { kind: 'most', value: 1.6 },
          behind: `${median('argus').toFixed(0)} : ${median('reference').toFixed(0)} ms`,
        },
        {
          id: 'F7',
          what: 'the same: JS above the reference, kB',
          figure: spreadOf([kilobytes(own.js - least.js)]),
          limit: { kind: 'most', value: 20 },
          behind: `${kilobytes(own.js).toFixed(1)} : ${kilobytes(least.js).toFixed(1)} kB (gzip)`,
        },
        {
          id: 'F7',
          what: 'the same: CSS, kB',
          figure: spreadOf([kilobytes(own.css)]),
          limit: { kind: 'most', value: 8 },
          behind: 'gzip',
        },
      ];
    });
  } finally {
    await browser.close();
    await reference.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
