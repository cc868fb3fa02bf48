import type { Coverage } from '@argus/contract/endpoints/setup';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { useDebounced } from '../../lib/use-debounced.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { coverageQuery } from './queries.ts';

/**
 * Says, while a URL is typed, which origin it calls and whether the remote sites cover it. Asks Argus only; nothing is called.
 * @param newTab where leaving would lose what was typed, the links open beside it
 */
export function CoverageLine({ field, url, newTab }: { field: string; url: string; newTab: boolean }) {
  const words = useText('setup').coverage;
  const settled = useDebounced(url.trim(), 350);
  const coverage = useQuery({ ...coverageQuery(field, settled), enabled: settled !== '' });
  if (settled === '' || url.trim() === '') return null;
  // What was found out about another text is not shown beside this one.
  if (settled !== url.trim()) return <p className="argus-quiet">{words.checking}</p>;
  if (coverage.error) return <p className="argus-quiet">{words.failed}</p>;
  if (!coverage.data) return <p className="argus-quiet">{words.checking}</p>;
  return (
    <div data-coverage={coverage.data.status}>
      <Status coverage={coverage.data} newTab={newTab} />
    </div>
  );
}

function Status({ coverage, newTab }: { coverage: Coverage; newTab: boolean }) {
  const words = useText('setup').coverage;
  const { origin, status, siteName, nearMisses } = coverage;
  if (status === 'malformed' || origin === null) return <p className="argus-quiet">{words.malformed}</p>;
  if (status === 'covered') {
    return (
      <p className="argus-coverage argus-coverage_covered">
        <Icon name="utility:check" size="xx-small" tone="success" />
        <bdi>{words.covered(origin, siteName ?? '')}</bdi>
      </p>
    );
  }
  const said = { protocol_security: words.protocolSecurity, address_denied: words.addressDenied }[status as string];
  return (
    <>
      <p className="argus-coverage argus-coverage_missing">
        <Icon name="utility:warning" size="xx-small" tone="warning" />
        <span>
          <bdi>{(said ?? words.notRegistered)(origin)}</bdi>{' '}
          {status === 'address_denied' ? null : <AddSite origin={origin} newTab={newTab} />}
        </span>
      </p>
      <NearMisses label={words.nearMisses} sites={nearMisses} />
    </>
  );
}

/** 「このサイトを追加」: leads to the form, which asks to confirm the origin. */
export function AddSite({ origin, newTab = false }: { origin: string; newTab?: boolean }) {
  const words = useText('setup').coverage;
  const { opensInNewTab } = useText('common');
  const to = `/admin/remote-sites/new?url=${encodeURIComponent(origin)}`;
  if (!newTab) return <AppLink to={to}>{words.addSite}</AppLink>;
  return (
    <a href={to} target="_blank" rel="noopener">
      {words.addSite} <Icon name="utility:new_window" size="xx-small" tone="current" label={opensInNewTab} />
    </a>
  );
}

/** Registered sites that nearly match, and in what they differ. */
export function NearMisses({ label, sites }: { label: string; sites: Coverage['nearMisses'] }) {
  if (sites.length === 0) return null;
  return (
    <div className="argus-near-misses">
      <p>{label}</p>
      <ul>
        {sites.map((site) => (
          <li key={site.origin}>
            <span className="argus-code">{site.origin}</span> – {site.label}
          </li>
        ))}
      </ul>
    </div>
  );
}
