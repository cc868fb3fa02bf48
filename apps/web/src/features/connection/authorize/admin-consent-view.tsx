import { useText } from '../../../i18n/text-context.tsx';
import { useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Panel } from '../../../ui/panel.tsx';

/**
 * How the consent of an Entra administrator for the whole tenant ended. The address says so, and anybody can write it:
 * the page reports, and nothing follows from it.
 */
export function AdminConsentView() {
  const words = useText('connection/authorize').adminConsent;
  const [{ result, number }] = useQueryParams();
  const end = result === 'granted' || result === 'declined' ? result : 'failed';
  const { title, lines } = words[end];
  return (
    <Panel title={title}>
      <div role="status" className="argus-confirm">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {end === 'failed' && /^\d{4,9}$/.test(number ?? '') ? <p>{words.number(`AADSTS${number}`)}</p> : null}
        <p className="argus-quiet">{words.nothingStored}</p>
      </div>
      <div className="argus-panel__after">
        <LinkButton variant="neutral" href={pages.home.path}>
          {words.open}
        </LinkButton>
      </div>
    </Panel>
  );
}
