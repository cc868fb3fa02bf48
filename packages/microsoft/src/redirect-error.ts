import { present } from '@argus/fields/present';
import { aadstsCodes } from './entra.ts';
import type { UpstreamFact } from './fact.ts';
import { code, guid, text } from './reply-fields.ts';

/**
 * The fact of a redirect that carried an error instead of a code (RFC 6749, section 4.1.2.1). It came through the
 * browser, so only identifiers are stored, no prose.
 */
export function parseRedirectError(query: Readonly<Record<string, unknown>>): UpstreamFact {
  const description = text(query.error_description)?.slice(0, 16_384) ?? '';
  const id = (label: string) => new RegExp(`${label}:\\s*([\\da-f-]{36})`, 'iu').exec(description)?.[1];
  const errorCodes = aadstsCodes({ error_description: description, error_uri: query.error_uri });
  const optional = present({
    oauthError: code(query.error),
    suberror: code(query.error_subcode),
    errorCodes: errorCodes.length > 0 ? errorCodes : undefined,
    traceId: guid(id('Trace ID')),
    correlationId: guid(id('Correlation ID')),
  });
  return { call: 'authorize', kind: 'http', ...optional };
}
