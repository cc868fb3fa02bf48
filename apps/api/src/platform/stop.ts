/** Whoever runs Argus asked it to stop before it had started. */
export class StopAsked extends Error {
  override readonly name = 'StopAsked';
  /** The signal, or `disconnect`. */
  readonly by: string;

  constructor(by: string) {
    super(
      `起動中に停止を求められたため、終了しました (${by})。 / Argus was asked to stop while it started, and has ended (${by}).`,
    );
    this.by = by;
  }
}

/** What a start needs to know of a stop. */
export interface StopRequest {
  /** Aborted once a stop was asked for; its reason is a {@link StopAsked}. */
  readonly asked: AbortSignal;
  /** Does work that a stop must wait for, such as a migration. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Whether such work is being done. */
  isHeld(): boolean;
}

export interface Stop extends StopRequest {
  /** Aborted once a stop was asked for again: whoever asks does not want to wait for a drain. */
  readonly urged: AbortSignal;
}

/** For whoever cannot be asked to stop. */
export const neverAsked: StopRequest = {
  asked: new AbortController().signal,
  hold: (work) => work(),
  isHeld: () => false,
};

/** Signals within this are one stop: a terminal signals all processes, and the launcher passes its own on. Milliseconds. */
const onePressMs = 1_000;

type Listen = (event: string, listener: () => void) => unknown;

/**
 * Listens for whatever asks Argus to stop. The kernel drops signals for which PID 1 of a container has no listener, so this
 * comes before everything else; and without a listener, a second signal would end Argus before it has stored everything.
 */
export function listenForStop(on: Listen = (event, listener) => process.on(event, listener)): Stop {
  const asked = new AbortController();
  const urged = new AbortController();
  let since = 0;
  let held = 0;
  const ask = (by: string) => {
    if (asked.signal.aborted) {
      if (performance.now() - since >= onePressMs) urged.abort();
      return;
    }
    since = performance.now();
    asked.abort(new StopAsked(by));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT']) on(signal, () => ask(signal));
  // The launcher has gone, so nobody could stop this process any more.
  on('disconnect', () => ask('disconnect'));
  return {
    asked: asked.signal,
    urged: urged.signal,
    isHeld: () => held > 0,
    async hold(work) {
      held += 1;
      try {
        return await work();
      } finally {
        held -= 1;
      }
    },
  };
}

/** Does something once the signal is aborted, which may be now. */
export function whenAborted(signal: AbortSignal, work: () => void): void {
  if (signal.aborted) work();
  else signal.addEventListener('abort', work, { once: true });
}
