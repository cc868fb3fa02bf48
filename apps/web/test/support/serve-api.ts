import type { EndpointKey, ReplyOf } from '@argus/contract/endpoint-map';
import type { Problem } from '@argus/contract/errors/problem';
import { vi } from 'vitest';

/** What an endpoint answers: a reply of the contract, a problem, or what it comes to later. */
type Answer<K extends EndpointKey> = ReplyOf<K> | Problem | (() => Promise<ReplyOf<K> | Problem>);
export type Answers = { [K in EndpointKey]?: Answer<K> };

export interface ServedApi {
  /** Changes what endpoints answer from now on. */
  answer(more: Answers): void;
  /** How often an endpoint was called. */
  countOf(key: EndpointKey): number;
}

/** Answers the page's calls of the API by the contract, in place of the network. An endpoint without an answer answers nothing. */
export function serveApi(first: Answers): ServedApi {
  const answers = new Map<string, unknown>(Object.entries(first));
  const calls: string[] = [];
  vi.stubGlobal('fetch', async (address: string, { method = 'GET' }: RequestInit = {}) => {
    const called = `${method} ${address.split('?')[0]}`;
    const key = [...answers.keys()].find((each) => patternOf(each).test(called));
    if (key === undefined) throw new TypeError(`${called} has no answer`);
    calls.push(key);
    const answer = answers.get(key);
    const body: unknown = typeof answer === 'function' ? await answer() : answer;
    return isProblem(body)
      ? new Response(JSON.stringify(body), {
          status: body.status,
          headers: { 'content-type': 'application/problem+json' },
        })
      : new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  });
  return {
    answer(more) {
      for (const [key, answer] of Object.entries(more)) answers.set(key, answer);
    },
    countOf: (key) => calls.filter((call) => call === key).length,
  };
}

/** `:name` in a path stands for one part of it. */
function patternOf(key: string): RegExp {
  return new RegExp(`^${key.replaceAll(/:\w+/gu, '[^/]+')}$`, 'u');
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'retry' in body && 'code' in body;
}
