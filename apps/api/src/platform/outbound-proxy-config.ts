import { readNoProxy } from '@argus/egress/no-proxy';
import type { OutboundProxy } from '@argus/egress/outbound-proxy';
import { shownValue } from './shown.ts';

/** How calls leave the network. */
export interface WayOut {
  /** Undefined: directly. */
  readonly proxy: OutboundProxy | undefined;
  /** A variable that names a proxy for other programs, while nothing says what Argus should do. */
  readonly unusedVariable: string | undefined;
}

const ofOthers = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/**
 * Reads ARGUS_OUTBOUND_PROXY and ARGUS_NO_PROXY. The first one is a secret: it has the password of the proxy, so no fault
 * repeats it. `none` means that there is no proxy, whatever HTTPS_PROXY says.
 * @param value the text of a variable, undefined where it is not set
 * @param fault receives one sentence for each fault
 */
export function readWayOut(
  value: (name: string) => string | undefined,
  fault: (ja: string, en: string) => void,
): WayOut {
  const text = value('ARGUS_OUTBOUND_PROXY');
  const { goesDirectly, faults } = readNoProxy(value('ARGUS_NO_PROXY') ?? '');
  for (const entry of faults) {
    const { ja, en } = shownValue(entry, 'address');
    fault(
      `ARGUS_NO_PROXY の「${ja}」は、ホスト名、. で始まるドメイン名、IPアドレス、範囲 (例: 10.0.0.0/8)、* のいずれでもありません。`,
      `"${en}" in ARGUS_NO_PROXY is not a host name, a domain name with a leading dot, an address or range (such as 10.0.0.0/8), or *.`,
    );
  }
  if (text === undefined) return { proxy: undefined, unusedVariable: ofOthers.find((name) => value(name)) };
  if (text === 'none') return { proxy: undefined, unusedVariable: undefined };
  const address = addressOf(text);
  if (address === undefined) {
    fault(
      'ARGUS_OUTBOUND_PROXY は http://ホスト名:ポート か http://ユーザ名:パスワード@ホスト名:ポート の形 (ユーザ名とパスワードの記号はパーセント エンコード、例: @ は %40)、または none にしてください。',
      'ARGUS_OUTBOUND_PROXY must be http://host:port or http://user:password@host:port (percent-encode special characters in the user and password: @ is %40), or none.',
    );
    return { proxy: undefined, unusedVariable: undefined };
  }
  return { proxy: { ...address, goesDirectly }, unusedVariable: undefined };
}

function addressOf(text: string): Omit<OutboundProxy, 'goesDirectly'> | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.port === '0') return undefined;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  if (url.username === '' && url.password === '') return { scheme, host, port };
  const username = decoded(url.username);
  const password = decoded(url.password);
  // A colon ends the user name of Basic (RFC 7617, 2).
  if (username === undefined || password === undefined || username.includes(':')) return undefined;
  return { scheme, host, port, credentials: { username, password } };
}

/** Percent-decoded; undefined where it cannot be decoded, or has control characters, which Basic forbids. */
function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return /\p{Cc}/u.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** The sentence of the log about a proxy for other programs. */
export function unusedProxyWarning(variable: string): string {
  return `${variable} is set, but Argus does not use it: set ARGUS_OUTBOUND_PROXY to the proxy, or to "none"`;
}
