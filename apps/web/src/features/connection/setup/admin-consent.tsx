import type { AuthProviderView } from '@argus/contract/endpoints/connection/setup';
import { useText } from '../../../i18n/text-context.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { FormSection } from '../../../ui/form-section.tsx';

/** 管理者の同意: the URL that an Entra administrator opens once, and what to send to them. */
export function AdminConsent({ provider }: { provider: AuthProviderView }) {
  const words = useText('connection/setup').providers.adminConsent;
  const { adminConsentUrl: url, consumerKey, defaultScopes } = provider;
  if (url === null) return null;
  const request = words.request(consumerKey, defaultScopes, url);
  return (
    <FormSection title={words.title} note={words.note}>
      <dl className="argus-addresses">
        <div>
          <dt>{words.url}</dt>
          <dd>
            <span className="argus-code">{url}</span>
            <CopyButton name="adminConsent" text={url} label={words.copyUrl} />
          </dd>
        </div>
      </dl>
      <figure className="argus-request">
        <figcaption>{words.forAdministrator}</figcaption>
        <pre>{request}</pre>
        <CopyButton text={request} label={words.copyRequest} />
      </figure>
    </FormSection>
  );
}
