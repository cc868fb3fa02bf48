import type { AdminDetail } from '@argus/contract/errors/problem';
import { hasTrait } from '@argus/contract/errors/screen-traits';
import { useLanguage, useText } from '../i18n/text-context.tsx';
import { formatDate } from '../lib/format-time.ts';
import { formatQuery } from '../lib/query-text.ts';
import { pages } from '../pages.ts';
import { AppLink } from './app-link.tsx';
import { inTurn } from './in-turn.ts';

type Upstream = NonNullable<AdminDetail['upstream']>;

/**
 * What administrators see of an error besides its message: causes, where to check, what to do, and the upstream
 * reply. `errorId`: where the error is in the log, its explanation shows its record.
 */
export function AdminDetails(props: {
  code: string;
  detail: AdminDetail;
  errorId?: string | null | undefined;
  open?: boolean;
}) {
  const { code, detail, errorId, open = false } = props;
  const words = useText('common');
  const language = useLanguage();
  return (
    <details className="argus-admin" open={open}>
      <summary>{words.forAdmins}</summary>
      {detail.causes.map((cause) => (
        <dl key={cause.condition} className="argus-facts">
          <dt>{words.condition}</dt>
          <dd>{cause.condition}</dd>
          {cause.place ? (
            <>
              <dt>{words.place}</dt>
              <dd>{cause.place}</dd>
            </>
          ) : null}
          <dt>{words.remedy}</dt>
          <dd>
            {cause.remedy}
            {cause.mendAt ? (
              <>
                {' '}
                <AppLink to={cause.mendAt} className="argus-admin__link">
                  {words.openSetting} →
                </AppLink>
              </>
            ) : null}
          </dd>
          <dt>{words.mender}</dt>
          <dd>{inTurn(cause.menders, words.menders)}</dd>
        </dl>
      ))}
      {detail.secretExpiresOn ? (
        <dl className="argus-facts">
          <dt>{words.secretExpiresOn}</dt>
          <dd>{formatDate(Date.parse(detail.secretExpiresOn), language, { timeZone: 'UTC' })}</dd>
        </dl>
      ) : null}
      {detail.origin ? (
        <Origin origin={detail.origin} nearMisses={detail.nearMisses} addable={hasTrait('aboutRemoteSite', { code })} />
      ) : null}
      <p className="argus-admin__more">
        <AppLink
          to={`${pages.errorCatalogue.path}/${encodeURIComponent(code)}${formatQuery({ errorId })}`}
          className="argus-admin__link"
        >
          {words.openCatalogue} →
        </AppLink>
      </p>
      <UpstreamFacts code={detail.row ? `${detail.row} · ${code}` : code} detail={detail} />
    </details>
  );
}

function Origin(props: { origin: string; nearMisses: AdminDetail['nearMisses']; addable: boolean }) {
  const { origin, nearMisses, addable } = props;
  const words = useText('common');
  const isSwitchedOff = nearMisses?.some(({ difference }) => difference === 'inactive') ?? false;
  return (
    <dl className="argus-facts">
      <dt>{words.blockedOrigin}</dt>
      <dd>
        <span className="argus-code">{origin}</span>{' '}
        {addable ? (
          <AppLink to={`${pages.remoteSites.path}?add=${encodeURIComponent(origin)}`} className="argus-admin__link">
            {isSwitchedOff ? words.activateThisSite : words.addThisSite} →
          </AppLink>
        ) : null}
      </dd>
      {nearMisses && nearMisses.length > 0 ? (
        <>
          <dt>{isSwitchedOff ? words.registeredSites : words.nearMisses}</dt>
          {nearMisses.map((site) => (
            <dd key={site.origin}>
              <span className="argus-code">{site.origin}</span> – {site.label}
            </dd>
          ))}
        </>
      ) : null}
    </dl>
  );
}

function UpstreamFacts({ code, detail: { stage, upstream } }: { code: string; detail: AdminDetail }) {
  const words = useText('common');
  const names = words.upstreamFields;
  const { stage: call, ...ids } = upstream ?? {};
  const facts = [[names.code, code], ...upstreamFacts(ids, names)] as const;
  return (
    <dl className="argus-facts argus-facts_compact" aria-label={words.upstream}>
      {call === undefined ? null : (
        <div>
          <dt>{names.stage}</dt>
          <dd>
            <StageText stage={stage} met={call} />
          </dd>
        </div>
      )}
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="argus-code">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where a request encountered an error: in the catalogue's words if it has them, and the call or route itself. */
export function StageText({ stage, met }: { stage: AdminDetail['stage'] | undefined; met: string }) {
  const { stages } = useText('common');
  return (
    <>
      {stage === undefined ? null : `${stages[stage]} `}
      <span className="argus-code">{met}</span>
    </>
  );
}

function upstreamFacts(upstream: Partial<Upstream>, names: Record<string, string>): [string, string][] {
  return Object.entries(upstream)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => [names[field] ?? field, Array.isArray(value) ? value.join(', ') : String(value)]);
}
