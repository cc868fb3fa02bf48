import type { MatchRule, NetworkFault } from './entry.ts';

/** The usual name of a fault in Node, OpenSSL and undici; where Argus itself refuses or gives up, its own name. */
const networkCodes: Readonly<Record<NetworkFault, readonly string[]>> = {
  site_not_registered: ['site_not_registered'],
  plain_http: ['plain_http'],
  malformed_url: ['malformed_url'],
  origin_mismatch: ['origin_mismatch'],
  address_denied: ['address_denied'],
  dns: ['ENOTFOUND', 'EAI_AGAIN'],
  refused: ['ECONNREFUSED'],
  tls: [
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
  ],
  reset: ['ECONNRESET'],
  network: ['ENETUNREACH', 'EHOSTUNREACH'],
  proxy_unreachable: ['proxy_unreachable'],
  proxy_credentials: ['PROXY_407'],
  proxy_refused: ['PROXY_403', 'PROXY_4xx'],
  proxy_upstream: ['PROXY_502', 'PROXY_503', 'PROXY_504', 'PROXY_5xx'],
  proxy_timeout: ['proxy_timeout'],
  proxy_tls: ['proxy_tls'],
  timeout: ['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  connect_timeout: ['UND_ERR_CONNECT_TIMEOUT'],
  redirect: ['redirect'],
  truncated: ['truncated'],
  too_large: ['too_large'],
  protocol: ['protocol'],
};

/**
 * The facts of an entry's rules as people see them in a reply or a log, each once: 'AADSTS7000222',
 * 'MailboxNotEnabledForRESTAPI', 'invalid_client', 'HTTP 404', 'HTTP 5xx', 'ENOTFOUND'.
 */
export function matchLabels(rules: readonly MatchRule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => ruleLabels(rule).flat()))];
}

/** One rule as people see it: one label of every group must match. */
export function ruleLabels(rule: MatchRule): readonly (readonly string[])[] {
  const { status = [] } = rule;
  const groups = [
    (rule.aadsts ?? []).map((number) => `AADSTS${number}`),
    rule.graph ?? [],
    rule.suberror ?? [],
    rule.claimsChallenge ? ['insufficient_claims'] : [],
    rule.segmentNotFound ? ['Resource not found for the segment'] : [],
    rule.defaultFolderMissing ? ['Default folder … not found'] : [],
    rule.oauth ?? [],
    typeof status === 'string' ? [`HTTP ${status}`] : status.map((code) => `HTTP ${code}`),
    (rule.network ?? []).flatMap((fault) => networkCodes[fault]),
    rule.malformed ? ['malformed'] : [],
  ];
  return groups.filter((group) => group.length > 0);
}
