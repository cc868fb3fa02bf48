import type { RemoteSiteView } from '@argus/contract/endpoints/connection/setup';
import { readForm } from '../../platform/http/read-form.ts';
import type { RemoteSiteChange } from '../records/remote-sites.ts';

type FormField = 'name' | 'url' | 'disableProtocolSecurity' | 'active' | 'description';

/** @throws AppError request_invalid, which names every invalid field */
export function parseRemoteSite(body: Pick<RemoteSiteView, FormField>): RemoteSiteChange {
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
    };
  });
}
