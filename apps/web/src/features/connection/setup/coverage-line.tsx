import type { Coverage } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { useDebounced } from '../../../lib/use-debounced.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ActivateSite } from './activate-site.tsx';
import { AddSite } from './add-site.tsx';
import { NearMisses } from './near-misses.tsx';
import { withOrigin } from './origin-of.ts';
import { coverageQuery } from './queries.ts';

interface Props {
  /** The name of the URL's field. */
  readonly field: string;
  readonly url: string;
  /** Corrects the URL to a registered site. */
  readonly onRepair: (url: string) => void;
}

/**
 * Shows, while a URL is typed, which origin it calls and whether the remote sites cover it, and fixes a missing site
 * without leaving the form. It only asks Argus; nothing is called.
 */
export function CoverageLine({ field, url, onRepair }: Props) {
  const words = useText('connection/setup').coverage;
  const box = useRef<HTMLDivElement>(null);
  const settled = useDebounced(url.trim(), 350);
  const coverage = useQuery({ ...coverageQuery(field, settled), enabled: settled !== '' });
  if (settled === '' || url.trim() === '') return null;
  // The result for another text is not shown beside this one.
  if (settled !== url.trim()) return <p className="argus-quiet">{words.checking}</p>;
  if (coverage.error) return <p className="argus-quiet">{words.failed}</p>;
  if (!coverage.data) return <p className="argus-quiet">{words.checking}</p>;
  // The pressed button disappears with the fault: the focus moves to the field.
  const focusField = () => box.current?.closest('form')?.querySelector<HTMLElement>(`[name="${field}"]`)?.focus();
  const repair = (repaired: string) => {
    focusField();
    onRepair(repaired);
  };
  return (
    <div ref={box} data-coverage={coverage.data.status}>
      <Status coverage={coverage.data} onRepair={repair} onMended={focusField} />
    </div>
  );
}

interface StatusProps extends Pick<Props, 'onRepair'> {
  readonly coverage: Coverage;
  /** The site may now be called. */
  readonly onMended: () => void;
}

function Status({ coverage, onRepair, onMended }: StatusProps) {
  const words = useText('connection/setup').coverage;
  const { origin, status, siteName, nearMisses, url } = coverage;
  if (status === 'malformed' || origin === null) return <p className="argus-quiet">{words.malformed}</p>;
  if (status === 'covered') {
    return (
      <p className="argus-coverage argus-coverage_covered">
        <Icon name="utility:check" size="xx-small" tone="success" />
        <bdi>{words.covered(origin, siteName ?? '')}</bdi>
      </p>
    );
  }
  const said = {
    not_registered: words.notRegistered,
    inactive: words.inactive,
    protocol_security: words.protocolSecurity,
    address_denied: words.addressDenied,
    address_closed: words.addressClosed,
  }[status];
  return (
    <>
      <p className="argus-coverage argus-coverage_missing">
        <Icon name="utility:warning" size="xx-small" tone="warning" />
        <span>
          <bdi>{said(origin)}</bdi>{' '}
          {status === 'not_registered' ? <AddSite origin={origin} onMended={onMended} /> : null}
          {status === 'inactive' ? <ActivateSite origin={origin} onMended={onMended} /> : null}
        </span>
      </p>
      <NearMisses
        label={words.nearMisses}
        sites={nearMisses.filter(({ difference }) => difference !== 'inactive')}
        action={(site) => {
          const repaired = withOrigin(url, site.origin);
          return repaired === undefined ? null : (
            <Button variant="base" onClick={() => onRepair(repaired)}>
              {words.useSite}
            </Button>
          );
        }}
      />
    </>
  );
}
