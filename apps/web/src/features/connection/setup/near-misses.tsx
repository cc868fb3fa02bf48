import type { Coverage } from '@argus/contract/endpoints/connection/setup';
import type { ReactNode } from 'react';

type NearMiss = Coverage['nearMisses'][number];

/** Registered sites that nearly match, how they differ, and an action for each. */
export function NearMisses(props: {
  label: string;
  sites: readonly NearMiss[];
  action?: (site: NearMiss) => ReactNode;
}) {
  const { label, sites, action } = props;
  if (sites.length === 0) return null;
  return (
    <div className="argus-near-misses">
      <p>{label}</p>
      <ul>
        {sites.map((site) => (
          <li key={site.origin}>
            <span className="argus-code">{site.origin}</span> – {site.label} {action?.(site)}
          </li>
        ))}
      </ul>
    </div>
  );
}
