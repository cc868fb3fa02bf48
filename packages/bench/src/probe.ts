import { monitorEventLoopDelay } from 'node:perf_hooks';

// Loaded into Argus by `--import`: reports the resource use of the whole process to the bench on request. Not a part
// of Argus.

export interface Measured {
  /** Bytes. */
  readonly rss: number;
  readonly peakRss: number;
  /** CPU time since the start. Milliseconds. */
  readonly cpu: number;
  /** Event-loop delay since the last request, milliseconds. */
  readonly loopP50: number;
  readonly loopP99: number;
  readonly loopMax: number;
}

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
let peakRss = 0;
const timer = setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss());
}, 100);
timer.unref();

process.on('message', (message) => {
  if (message !== 'measure') return;
  const rss = process.memoryUsage.rss();
  const { user, system } = process.cpuUsage();
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6;
  process.send?.({
    rss,
    peakRss: Math.max(peakRss, rss),
    cpu: (user + system) / 1000,
    // The histogram includes its own interval.
    loopP50: milliseconds(delay.percentile(50)) - 5,
    loopP99: milliseconds(delay.percentile(99)) - 5,
    loopMax: milliseconds(delay.max) - 5,
  } satisfies Measured);
  delay.reset();
  peakRss = rss;
});
