import { lookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Coverage } from '@argus/contract/endpoints/setup';
import type { warningSchema } from '@argus/contract/endpoints/shared-schemas';
import { type WarningCode, warnings } from '@argus/contract/field-errors';
import { fillText, type Language } from '@argus/contract/language';
import { canonicalOrigin } from '@argus/egress/canonical-origin';
import type { Static } from 'typebox';
import type { FieldUrl } from './covered-origins.ts';

/** What an administrator is told of a value that is well-formed but may be wrong. */
export type Warning = Static<typeof warningSchema>;

/** A name that takes longer is not waited for: saving must stay quick while the DNS is down. */
const resolveTimeoutMs = 2_000;

export function warning(
  field: string,
  code: WarningCode,
  language: Language,
  values: { origin?: string; host?: string } = {},
): Warning {
  const message = fillText(warnings[code][language], values);
  return { field, code, message, ...(values.origin === undefined ? {} : { origin: values.origin }) };
}

const byStatus = {
  not_registered: 'origin_not_registered',
  inactive: 'origin_inactive',
  protocol_security: 'origin_protocol_security',
  address_denied: 'origin_address_denied',
} as const;

/** One warning for each URL that may not be called. */
export function coverageWarnings(coverage: readonly Coverage[], language: Language): Warning[] {
  return coverage.flatMap(({ field, origin, status }) =>
    status === 'covered' || status === 'malformed' || origin === null
      ? []
      : [warning(field, byStatus[status], language, { origin })],
  );
}

/** One warning for each URL whose host has no address. The only look at the network in the admin menu: when saving. */
export async function resolutionWarnings(urls: readonly FieldUrl[], language: Language): Promise<Warning[]> {
  const found = await Promise.all(
    urls.map(async ({ field, url }) => {
      const read = canonicalOrigin(url);
      if (!read.ok || (await resolves(read.host))) return [];
      return [warning(field, 'host_not_resolved', language, { host: read.host })];
    }),
  );
  return found.flat();
}

async function resolves(host: string): Promise<boolean> {
  // An IPv6 literal in a URL; the resolver knows it without its brackets, and IPv4 literals as they are.
  if (host.startsWith('[')) return true;
  const timer = new AbortController();
  try {
    return await Promise.race([
      lookup(host).then(
        () => true,
        () => false,
      ),
      sleep(resolveTimeoutMs, false, { signal: timer.signal }),
    ]);
  } finally {
    timer.abort();
  }
}
