import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { readAddressRange } from '@argus/egress/address-policy';
import { type Form, readForm } from '../../platform/http/read-form.ts';
import type { RemoteSiteChange } from '../records/remote-sites.ts';

type FormField = 'name' | 'url' | 'disableProtocolSecurity' | 'active' | 'description';
type RemoteSiteBody = Pick<RemoteSiteView, FormField> & Partial<Pick<RemoteSiteView, 'allowedAddressRanges'>>;

const rangeFaults = {
  malformed: 'address_range_malformed',
  public: 'address_range_public',
  closed: 'address_range_closed',
} as const;

/**
 * @returns without `allowedAddressRanges` where the body has none
 * @throws AppError request_invalid, which names every invalid field
 */
export function parseRemoteSite(body: RemoteSiteBody): RemoteSiteChange {
  return readForm((form) => {
    const { disableProtocolSecurity, active } = body;
    const url = form.url('url', body.url);
    if (url?.scheme === 'http' && !disableProtocolSecurity) {
      form.refuse('url', 'url_needs_protocol_security_off');
    }
    return {
      name: form.requiredText('name', body.name),
      // A lone slash is not a path.
      url: url === undefined ? '' : url.path === '/' ? url.origin : url.url,
      origin: url?.origin ?? '',
      disableProtocolSecurity,
      active,
      description: form.multilineText('description', body.description),
      ...(body.allowedAddressRanges === undefined
        ? {}
        : { allowedAddressRanges: parseRanges(form, body.allowedAddressRanges) }),
    };
  });
}

/** The ranges in CIDR form, each once and on its own line; typed with blanks, commas or lines between them. */
function parseRanges(form: Form, typed: string): string {
  const ranges = typed
    .split(/[\s,、]+/)
    .filter((text) => text !== '')
    .map((text) => {
      const read = readAddressRange(text);
      if (!read.ok) form.refuse('allowedAddressRanges', rangeFaults[read.reason], { range: text });
      return read.ok ? read.range : text;
    });
  return [...new Set(ranges)].join('\n');
}
