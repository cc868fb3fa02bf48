import { compile } from '@fastify/proxy-addr';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** Whether an entry of ARGUS_TRUSTED_PROXIES is an address, or a range in CIDR form. */
export function isProxyEntry(entry: string): boolean {
  try {
    compile([entry]);
    return true;
  } catch {
    return false;
  }
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** An address without what some proxies put around it: `203.0.113.7:40001` (App Gateway, IIS ARR), `[2001:db8::5]:40001`. */
function bareAddress(text: string): string {
  const [, bracketed, withPort] = /^\[([^\]]+)\](?::\d+)?$|^(\d+(?:\.\d+){3}):\d+$/.exec(text) ?? [];
  return bracketed ?? withPort ?? text;
}

/**
 * Fastify's `rewriteUrl`, which sees every request before anything reads its address: it leaves the URL as it is. X-Forwarded-For
 * gets bare addresses, and nothing else, so that `request.ip` is an address wherever it is read. The log says once that the header came
 * from a peer that is not trusted: then all users would share the proxy's address.
 */
export function readForwarded(trusted: readonly string[]) {
  const trusts = compile([...trusted]);
  let hasWarned = false;
  return function rewriteUrl(this: FastifyInstance, request: FastifyRequest['raw']): string {
    const { headers, socket, url = '/' } = request;
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined) return url;
    const entries = [forwarded]
      .flat()
      .join(',')
      .split(',')
      .map((entry) => bareAddress(entry.trim()));
    // A text that is not an address hides what precedes it: only what proxies added after it counts.
    const known = entries.slice(entries.findLastIndex((entry) => !isAddress(entry)) + 1);
    const peer = socket.remoteAddress ?? '';
    // The header stays in any case: it says that there is a proxy.
    headers['x-forwarded-for'] = known.length > 0 ? known.join(', ') : peer;
    if (!hasWarned && !trusts(peer, 0)) {
      hasWarned = true;
      this.log.warn({ peer }, 'X-Forwarded-For came from a peer that is not in ARGUS_TRUSTED_PROXIES: it is ignored');
    }
    return url;
  };
}
