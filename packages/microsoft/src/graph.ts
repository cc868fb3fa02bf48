import { randomUUID } from 'node:crypto';
import type { Deadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import type { GuardedFetch, GuardedResponse } from '@argus/egress/guarded-fetch';
import { present } from '@argus/fields/present';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { type Call, fromEgressFact, MicrosoftFailure, type UpstreamFact } from './fact.ts';
import { parseJson } from './parse-json.ts';
import { parseRetryAfter } from './parse-retry-after.ts';
import { challengesClaims, code, guid, record, text, timestamp } from './reply-fields.ts';

/** What every Graph call needs. */
export type GraphCall = {
  readonly guardedFetch: Pick<GuardedFetch, 'fetch'>;
  readonly accessToken: string;
  readonly deadline: Deadline;
  readonly connectTimeoutMs?: number;
  /** The origin of the configured 「URL」; the bearer token goes nowhere else. */
  readonly allowedOrigin: string;
  /** Receives the ids of every complete reply, good or bad; Microsoft finds the call in its logs by them. */
  readonly onReply?: (ids: { readonly requestId?: string; readonly clientRequestId: string }) => void;
};

export type GraphReply = {
  /** The parsed JSON, of any type. */
  readonly json: unknown;
  readonly requestId?: string;
  readonly clientRequestId: string;
};

/**
 * The Graph root of a mail URL, such as `https://graph.microsoft.com/v1.0`: everything before `/me` or `/users`.
 * Undefined where the URL has no version followed by one of these.
 */
export function graphRootOf(mailUrl: string): string | undefined {
  return /^(https?:\/\/[^/?#]+[^?#]*?\/(?:v1\.0|beta))\/(?:me|users)(?:[/(?#]|$)/iu.exec(mailUrl)?.[1];
}

const deepestInnerError = 10;

/** `error.code`, then the codes of the nested inner errors, whose field Graph spells in two ways. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  let level: unknown = error;
  for (let depth = 0; depth < deepestInnerError && level !== undefined; depth += 1) {
    const fields = record(level);
    const found = code(fields.code);
    if (found !== undefined) codes.push(found);
    level = fields.innerError ?? fields.innererror ?? undefined;
  }
  return codes;
}

/** Fixed parts of Graph's messages that say something for which Graph has no code. */
const literals = {
  segmentNotFound: /^Resource not found for the segment\b/u,
  /** Of Exchange Online; `Root` is the folder above all others. */
  defaultFolderMissing: /\bDefault folder \w+ not found\b/u,
};

/** The codes of any fault of a URL. */
const urlCodes = ['BadRequest', 'RequestBroker--ParseUri'];

/** Whether the message has this literal. The one place that reads a message; no prose decides anything else. */
function says(error: unknown, literal: RegExp): true | undefined {
  const { message } = record(error);
  return (typeof message === 'string' && literal.test(message.slice(0, 1000))) || undefined;
}

/** The fact of an error reply. Where gateways send an empty or HTML body, the status and the headers remain. */
function factOf(call: Call, response: GuardedResponse, clientRequestId: string): UpstreamFact {
  const { status, headers } = response;
  const error = record(parseJson(response.body)?.json).error;
  const fields = record(error);
  const inner = record(fields.innerError ?? fields.innererror);
  const codes = codesOf(error);
  const optional = present({
    graphCodes: codes.length > 0 ? codes : undefined,
    graphSegmentNotFound: urlCodes.some((each) => codes.includes(each))
      ? says(error, literals.segmentNotFound)
      : undefined,
    defaultFolderMissing: says(error, literals.defaultFolderMissing),
    hasClaimsChallenge: challengesClaims(headers) || undefined,
    retryAfterMs: parseRetryAfter(headers['retry-after'], { now: Date.now(), replyDate: headers.date }),
    requestId: guid(headers['request-id']) ?? guid(inner['request-id']),
    timestamp: timestamp(inner.date),
  });
  return { call, kind: 'http', status, clientRequestId, ...optional };
}

/**
 * One GET to Graph. It sends a GUID as `client-request-id` and stores it in the fact, so that Microsoft's logs can be
 * searched for a failure. No retries here.
 * @throws MicrosoftFailure; an error of the remote-site list itself (its database) passes unchanged @see
 * https://learn.microsoft.com/graph/errors
 */
export async function graphGet(
  request: GraphCall & {
    readonly url: string;
    readonly call: Call;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<GraphReply> {
  const { call, url, deadline, allowedOrigin, connectTimeoutMs } = request;
  const clientRequestId = randomUUID();
  const response = await request.guardedFetch
    .fetch({
      method: 'GET',
      url,
      deadline,
      allowedOrigin,
      headers: {
        ...request.headers,
        accept: 'application/json',
        authorization: `Bearer ${request.accessToken}`,
        'client-request-id': clientRequestId,
      },
      ...present({ connectTimeoutMs }),
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof EgressFailure)) throw cause;
      const { fact } = fromEgressFact(call, cause.fact, cause);
      throw new MicrosoftFailure({ ...fact, clientRequestId }, { cause });
    });
  const requestId = guid(response.headers['request-id']);
  request.onReply?.({ clientRequestId, ...present({ requestId }) });
  if (response.status < 200 || response.status >= 300) {
    throw new MicrosoftFailure(factOf(call, response, clientRequestId));
  }
  const parsed = parseJson(response.body);
  // Something in between may answer 200 for an error: an empty list beside it would be shown as "no mail".
  if (parsed === undefined || typeof record(parsed.json).error === 'object')
    throw malformedReply(call, { clientRequestId, ...present({ requestId }) }, response.status);
  return { json: parsed.json, clientRequestId, ...present({ requestId }) };
}

/** The failure of a success reply with an invalid body. */
export function malformedReply(
  call: Call,
  reply: Pick<GraphReply, 'clientRequestId'> & { readonly requestId?: string },
  status = 200,
): MicrosoftFailure {
  const { clientRequestId, requestId } = reply;
  return new MicrosoftFailure({ call, kind: 'malformed', status, clientRequestId, ...present({ requestId }) });
}

const Page = Type.Object({ value: Type.Array(Type.Unknown()) });

/** One page of a list. */
export interface GraphPage {
  readonly items: readonly unknown[];
  readonly reply: GraphReply;
  /** Whether the reply names another page. */
  readonly hasNext: boolean;
}

/**
 * Yields a list page by page. A page is only requested when the caller asks for it, none of them twice, and only at the
 * allowed origin: a nextLink elsewhere is rejected before anything is sent.
 * @param mostPages further pages are not requested
 * @throws MicrosoftFailure of the call; where a page names no readable next one, after that page
 * @see https://learn.microsoft.com/graph/paging
 */
export async function* graphPages(
  request: Parameters<typeof graphGet>[0],
  mostPages: number,
): AsyncGenerator<GraphPage, void, undefined> {
  const asked = new Set<string>();
  let url: string | undefined = request.url;
  while (url !== undefined && asked.size < mostPages) {
    asked.add(url);
    const reply: GraphReply = await graphGet({ ...request, url });
    const { json } = reply;
    if (!Value.Check(Page, json)) throw malformedReply(request.call, reply);
    yield { items: json.value, reply, hasNext: record(json)['@odata.nextLink'] !== undefined };
    url = nextUrl(request.call, reply, url);
    if (url !== undefined && asked.has(url)) throw malformedReply(request.call, reply);
  }
}

/** The next page's URL, used unchanged and never rebuilt; a relative one is resolved against the page it came with. */
function nextUrl(call: Call, reply: GraphReply, pageUrl: string): string | undefined {
  const link = text(record(reply.json)['@odata.nextLink']);
  if (link === undefined) return undefined;
  if (!URL.canParse(link, pageUrl)) throw malformedReply(call, reply);
  // An absolute URL keeps its text, so that egress judges it as it came.
  return URL.canParse(link) ? link : new URL(link, pageUrl).href;
}
