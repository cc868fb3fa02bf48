import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { currentDeadline, type Deadline, startDeadline, withinDeadline } from './deadline.ts';
import { EgressFailure, refusalFact } from './egress-failure.ts';
import { fromNodeError } from './from-node-error.ts';
import type { RemoteSiteDecision } from './remote-site-policy.ts';

type OnCreate = (error: Error | null, socket: Duplex) => void;

// node:http calls back with the error alone; its types ask for a socket even then.
type OnCreateFailed = (error: Error) => void;

export type AgentGuard = {
  readonly check: (url: string) => Promise<RemoteSiteDecision>;
  readonly lookup: LookupFunction;
  /** The budget of a connection where no deadline is running. */
  readonly totalMs: number;
  readonly connectTimeoutMs: number;
};

function urlOf(scheme: 'http' | 'https', { host, port }: ClientRequestArgs): string {
  const name = host?.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}${port === undefined || port === null ? '' : `:${port}`}/`;
}

/** Ends the socket with a typed failure when the total budget, or before that the connect timeout, is used up. */
function limitTime(socket: Duplex, origin: string, connected: string, deadline: Deadline, connectTimeoutMs: number) {
  const onExpired = () => socket.destroy(new EgressFailure({ kind: 'timeout', origin }));
  const connectTimer = setTimeout(
    () => socket.destroy(new EgressFailure({ kind: 'connect_timeout', origin })),
    connectTimeoutMs,
  );
  deadline.signal.addEventListener('abort', onExpired, { once: true });
  socket.once(connected, () => clearTimeout(connectTimer));
  socket.once('close', () => {
    clearTimeout(connectTimer);
    deadline.signal.removeEventListener('abort', onExpired);
  });
  if (deadline.expired) onExpired();
}

/**
 * Checks the site, then opens the socket by the vetted lookup. `node:net` calls no lookup for an IP literal; the check
 * judges those itself.
 */
function openGuarded(
  guard: AgentGuard,
  scheme: 'http' | 'https',
  options: ClientRequestArgs,
  open: () => Duplex | null | undefined,
  onCreate: OnCreate,
): void {
  const deadline = currentDeadline() ?? startDeadline(guard.totalMs);
  const url = urlOf(scheme, options);
  const fail = onCreate as OnCreateFailed;
  withinDeadline(deadline, guard.check(url)).then(
    (decision) => {
      if (!decision.allowed) {
        fail(new EgressFailure(refusalFact(decision)));
        return;
      }
      try {
        const socket = open();
        if (!socket) throw new TypeError('The agent made no socket');
        const connected = scheme === 'https' ? 'secureConnect' : 'connect';
        limitTime(socket, decision.origin, connected, deadline, guard.connectTimeoutMs);
        onCreate(null, socket);
      } catch (cause) {
        fail(new EgressFailure(fromNodeError(cause, decision.origin), { cause }));
      }
    },
    (cause) => {
      // The reason why the list could not be read is not the network's: only a deadline becomes a fact here.
      fail(deadline.expired ? new EgressFailure(fromNodeError(cause, new URL(url).origin, deadline)) : cause);
    },
  );
}

/**
 * Agents for libraries that speak `node:http` themselves. They hold every connection to the remote-site list, connect
 * to vetted addresses alone and keep no connection alive, so that each request passes the check anew.
 *
 * Their behaviour lies in methods and the closure, never in private fields: simple-oauth2 hands its options through
 * Hoek's deep clone, which keeps the prototype but not private fields.
 */
export function createGuardedAgents(guard: AgentGuard): { readonly http: HttpAgent; readonly https: HttpsAgent } {
  class GuardedHttpAgent extends HttpAgent {
    override createConnection(options: ClientRequestArgs, callback?: OnCreate): undefined {
      const open = () => super.createConnection({ ...options, lookup: guard.lookup });
      openGuarded(guard, 'http', options, open, callback ?? (() => {}));
    }
  }
  class GuardedHttpsAgent extends HttpsAgent {
    override createConnection(options: RequestOptions, callback?: OnCreate): undefined {
      const verified = { ...options, lookup: guard.lookup, rejectUnauthorized: true };
      openGuarded(guard, 'https', options, () => super.createConnection(verified), callback ?? (() => {}));
    }
  }
  return { http: new GuardedHttpAgent({ keepAlive: false }), https: new GuardedHttpsAgent({ keepAlive: false }) };
}
