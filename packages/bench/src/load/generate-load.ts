import http from 'node:http';
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';

// Runs in its own process, so that the load shares no event loop with what is measured.

/** What to send: each of these headers in turn, over that many connections. */
export interface LoadOrder {
  readonly url: string;
  readonly headers: readonly Readonly<Record<string, string>>[];
  readonly connections: number;
  readonly seconds: number;
  /** The status that every reply must have. */
  readonly status: 200 | 304;
}

export interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** One request at a time has times below a millisecond, which autocannon does not record. */
async function oneByOne({ url, headers, seconds, status }: LoadOrder): Promise<LoadFigures> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  const since = performance.now();
  while (performance.now() - since < seconds * 1000) {
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      http
        .get(url, { agent, headers: headers[times.length % headers.length] ?? {} }, (reply) => {
          if (reply.statusCode !== status) reject(new Error(`${url} answered ${reply.statusCode}.`));
          reply.resume().on('end', resolve).on('error', reject);
        })
        .on('error', reject);
    });
    times.push(performance.now() - began);
  }
  const requestsPerSecond = times.length / ((performance.now() - since) / 1000);
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requestsPerSecond, p50: at(0.5), p99: at(0.99) };
}

async function manyAtOnce({ url, headers, connections, seconds, status }: LoadOrder): Promise<LoadFigures> {
  const { pathname, search } = new URL(url);
  const path = pathname + search;
  let nextUser = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    // One list of requests is shared by all connections; each connection begins at another user.
    setupClient(client) {
      const share = Math.ceil(headers.length / connections);
      const own = headers.slice(nextUser, nextUser + share);
      nextUser = (nextUser + share) % headers.length;
      const mine = own.length > 0 ? own : headers;
      client.setRequests(mine.map((each) => ({ method: 'GET' as const, path, headers: { ...each } })));
    },
  });
  const wanted = status === 200 ? result['2xx'] : result['3xx'];
  const others = result.requests.total - wanted;
  if (others > 0 || result.errors > 0 || wanted === 0) {
    throw new Error(`${url}: ${wanted} replies ${status}, ${others} others, ${result.errors} errors.`);
  }
  return {
    requestsPerSecond: wanted / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

process.on('message', (order: LoadOrder) => {
  (order.connections === 1 ? oneByOne(order) : manyAtOnce(order)).then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
