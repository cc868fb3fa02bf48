import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDeadline } from '@argus/egress/deadline';
import { createGuardedFetch } from '@argus/egress/guarded-fetch';
import { MicrosoftFailure, type UpstreamFact } from '../src/fact.ts';
import type { GraphCall } from '../src/graph.ts';

const cleanups: (() => Promise<void>)[] = [];

/** Closes everything that a test opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
}

export type LocalGraph = {
  readonly origin: string;
  readonly mailUrl: string;
  readonly requests: readonly IncomingMessage[];
  /** The common parameters of every call to this server. */
  readonly call: GraphCall;
};

/** An HTTP server on loopback in place of Graph, and a guarded fetch whose list contains it and `alsoListed`. */
export async function serveGraph(listener: RequestListener, alsoListed: readonly string[] = []): Promise<LocalGraph> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const guardedFetch = createGuardedFetch({
    sites: async () =>
      [origin, ...alsoListed].map((listed) => ({ origin: listed, active: true, disableProtocolSecurity: true })),
    privateNetwork: 'loopback',
    userAgent: 'argus-test',
  });
  cleanups.push(async () => {
    await guardedFetch.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const call = { guardedFetch, accessToken: 'canary-token', deadline: startDeadline(3000), allowedOrigin: origin };
  return { origin, mailUrl: `${origin}/v1.0/me/mailFolders/inbox/messages`, requests, call };
}

/** A listener that answers every request with this JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_request, response) => {
    const type = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  };
}

/** The fact with which a call fails. */
export async function factOf(outcome: Promise<unknown>): Promise<UpstreamFact> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MicrosoftFailure) return error.fact;
  throw new Error('The call did not fail with a MicrosoftFailure', { cause: error });
}
