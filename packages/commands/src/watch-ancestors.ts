import { readFile } from 'node:fs/promises';

/** The parent of a process, if the system reports it (proc(5), field 4 of stat). */
async function parentOf(pid: number): Promise<number | null> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Whether a process is one that npx or pnpm puts between itself and the script. */
async function isPackageManager(pid: number): Promise<boolean> {
  try {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return words.some((word) => /(^|\/)(npm|npx|pnpm)(-cli)?(\.c?js|\.mjs)?$|^npm exec\b|^pnpm /.test(word));
  } catch {
    return false;
  }
}

/** The chain of parents from ours up to the topmost package manager: [ours, its parent, …]. Empty without one. */
async function ancestors(): Promise<number[]> {
  const chain: number[] = [];
  let topmost = 0;
  for (let pid: number | null = process.ppid; pid !== null && pid > 1 && chain.length < 10; pid = await parentOf(pid)) {
    chain.push(pid);
    if (await isPackageManager(pid)) topmost = chain.length;
  }
  return chain.slice(0, topmost);
}

/**
 * Calls back when the npx or pnpm that started us has gone. A signal that ends npx reaches neither pnpm nor us, and
 * Argus would run on unnoticed, holding its ports.
 *
 * @returns a function that ends the watch
 */
export async function watchAncestors(onGone: () => void): Promise<() => void> {
  const chain = await ancestors();
  const linked = async (): Promise<boolean> => {
    if (chain.length > 0 && process.ppid !== chain[0]) return false;
    for (const [index, pid] of chain.entries()) {
      const above = chain[index + 1];
      if (above !== undefined && (await parentOf(pid)) !== above) return false;
    }
    return true;
  };
  const timer = setInterval(() => {
    void linked().then((still) => {
      if (still) return;
      clearInterval(timer);
      onGone();
    });
  }, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
