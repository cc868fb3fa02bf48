const lockName = 'argus-session';

/** How long anybody waits for others of this browser. A tab that the system has frozen must not stop the others. */
const longestWaitMs = 10_000;

/** Runs a call whose reply gives the browser a session under another id. Until it arrives, nobody asks who is signed in. */
export function renewingSession<T>(call: () => Promise<T>): Promise<T> {
  return inTurn('exclusive', call);
}

/**
 * Asks who is signed in, once no tab of this browser is waiting for another id of its session: under the former one, which
 * Argus no longer knows, the answer would be that nobody is.
 */
export function betweenRenewals<T>(call: () => Promise<T>): Promise<T> {
  return inTurn('shared', call);
}

async function inTurn<T>(mode: LockMode, call: () => Promise<T>): Promise<T> {
  let begun = false;
  try {
    if (!navigator.locks) return await call();
    const signal = AbortSignal.timeout(longestWaitMs);
    return await navigator.locks.request(lockName, { mode, signal }, () => {
      begun = true;
      return call();
    });
  } catch (error) {
    if (begun || !navigator.locks) throw error;
    return call();
  }
}
