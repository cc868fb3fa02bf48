/** Notices that the reader put off, in this browser: until when, by the notice's key. Milliseconds since the epoch. */
const storageKey = 'argus.notices-put-off';
const putOffMs = 30 * 24 * 3600_000;

type PutOff = Readonly<Record<string, number>>;

/** What was put off and is so still. A browser without storage puts nothing off. */
export function readPutOff(now: number): PutOff {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const valid = Object.entries(stored).filter(([, until]) => typeof until === 'number' && until > now);
    return Object.fromEntries(valid) as PutOff;
  } catch {
    return {};
  }
}

/** Puts a notice off for 30 days. Returns what is put off now. */
export function putOff(key: string, now: number): PutOff {
  const next = { ...readPutOff(now), [key]: now + putOffMs };
  try {
    localStorage.setItem(storageKey, JSON.stringify(next));
  } catch {
    // Private windows may refuse: then it is put off until the page is left.
  }
  return next;
}
