import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';
import { runProgram, runTool } from './run-tool.ts';

const e2eFolder = join(repositoryRoot, 'e2e');

/** Chromium without a window. */
const shellNames = ['chromium-headless-shell', 'chrome-headless-shell'];

const commandNames = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome'];

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Whether the file is a browser that starts: Ubuntu's /usr/bin/chromium-browser may only say where to get one. */
async function works(file: string): Promise<boolean> {
  try {
    await access(file);
    // Chrome on Windows opens a window instead of printing its version.
    if (process.platform === 'win32') return true;
    const { code, output } = await runProgram(file, ['--version'], { folder: repositoryRoot, output: 'keep' });
    return code === 0 && /\d+\.\d+/.test(output);
  } catch {
    return false;
  }
}

async function firstWorking(files: Iterable<string>): Promise<string | null> {
  for (const file of files) if (await works(file)) return file;
  return null;
}

function* onPath(names: readonly string[]): Iterable<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) if (folder) yield join(folder, name);
  }
}

function* installedPlaces(): Iterable<string> {
  yield* onPath(commandNames);
  yield* usualPlaces;
}

/** The path of Playwright's own Chromium, whether or not it exists. */
function playwrightChromium(): string {
  const fromE2e = createRequire(join(e2eFolder, 'package.json'));
  const { chromium } = fromE2e('@playwright/test') as { chromium: { executablePath(): string } };
  return chromium.executablePath();
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function aptInstall(packages: readonly string[]): Promise<boolean> {
  if (process.platform !== 'linux' || !isRoot()) return false;
  const options = {
    folder: repositoryRoot,
    output: 'keep' as const,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  };
  try {
    await runProgram('apt-get', ['update', '-qq'], options);
    const { code } = await runProgram(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...packages],
      options,
    );
    return code === 0;
  } catch {
    // Not a Debian system.
    return false;
  }
}

/** Without a Japanese font, text appears as boxes: the tests pass, but the screenshots are useless. */
async function provideJapaneseFont(): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    const { code, output } = await runProgram('fc-list', [':lang=ja', 'family'], {
      folder: repositoryRoot,
      output: 'keep',
    });
    if (code === 0 && output.trim() !== '') return;
  } catch {
    // No fontconfig, so no fonts either.
  }
  console.error('日本語フォントを導入しています… / Installing a Japanese font…');
  if (await aptInstall(['fonts-noto-cjk', 'fontconfig'])) return;
  console.error(
    '日本語フォントがありません。画面の画像では文字が欠けます。 / No Japanese font: screenshots will lack text.',
  );
}

async function installChromium(): Promise<string | null> {
  console.error('Chromium を導入しています… / Installing Chromium…');
  const { code } = await runTool('@playwright/test', 'playwright', ['install', 'chromium'], {
    folder: e2eFolder,
    output: 'keep',
  });
  if (code === 0 && (await works(playwrightChromium()))) return playwrightChromium();
  if (await aptInstall(['chromium', 'fonts-noto-cjk'])) return firstWorking(installedPlaces());
  return null;
}

/**
 * The path of a Chrome or Chromium that starts: CHROMIUM_PATH, an installed one, Playwright's, or one that it
 * installs (Playwright's download, or as root Debian's package). Null where there is none.
 */
export async function findChromium(): Promise<string | null> {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) return (await works(wanted)) ? wanted : null;
  const found =
    (await firstWorking(installedPlaces())) ??
    (await firstWorking([playwrightChromium()])) ??
    (await installChromium());
  if (found) await provideJapaneseFont();
  return found;
}

/**
 * The path of Chromium's headless shell, which renders the same pages in half the time; null where there is none. CI
 * installs it from Debian's packages, where it runs as root.
 */
export async function findHeadlessShell(): Promise<string | null> {
  const found = await firstWorking(onPath(shellNames));
  if (found || !process.env.CI) return found;
  return (await aptInstall(['chromium-headless-shell'])) ? firstWorking(onPath(shellNames)) : null;
}
