import type { Overview } from '@argus/contract/endpoints/triage/overview';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { formatDate } from '../../../lib/format-time.ts';
import { daysUntil, expiryUrgency } from '../../../lib/secret-expiry.ts';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { QueryPage } from '../../../ui/query-page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import '../../../styles/overview.css';
import { overviewQuery } from './queries.ts';

type Step = Overview['steps'][number];

/** Where each step is done. */
const placeOf: Readonly<Record<Step['id'], (overview: Overview) => string>> = {
  provider: ({ provider }) =>
    provider ? `${pages.authProviders.path}/${encodeURIComponent(provider.id)}` : pages.newAuthProvider.path,
  sites: () => pages.remoteSites.path,
  settings: () => pages.settings.path,
  links: () => pages.accountLinks.path,
  first_success: () => pages.authorization.path,
};

/** 概要: what is set up and what is next, and how the connection is now. */
export function OverviewView() {
  const words = useText('triage/overview');
  const overview = useQuery(overviewQuery);
  return (
    <>
      <PageHeader title={words.title} icon={pages.overview.icon} note={words.note} />
      <QueryPage query={overview} skeleton={<SkeletonLines lines={8} />}>
        {(data) => (
          <>
            {data.steps.every(({ done }) => done) ? null : <SetUp overview={data} />}
            <Health overview={data} />
          </>
        )}
      </QueryPage>
    </>
  );
}

/** The steps to the first mail. The first one that is not done is next. */
function SetUp({ overview }: { overview: Overview }) {
  const words = useText('triage/overview');
  const next = overview.steps.find(({ done }) => !done)?.id;
  return (
    <section className="argus-sheet argus-sheet_padded" aria-labelledby="overview-steps">
      <h2 id="overview-steps" className="argus-sheet__title">
        {words.setUp}
      </h2>
      <ol className="argus-steps">
        {overview.steps.map((step) => (
          <li key={step.id} className="argus-steps__step" data-step={step.id} data-done={step.done}>
            <Icon
              name={step.done ? 'utility:success' : step.id === next ? 'utility:chevronright' : 'utility:dash'}
              tone={step.done ? 'success' : step.id === next ? 'brand' : 'light'}
              label={step.done ? words.done : step.id === next ? words.next : words.later}
            />
            <div>
              <p className={step.id === next ? 'argus-strong' : undefined}>{words.steps[step.id].title}</p>
              {step.done ? null : <p className="argus-quiet">{words.steps[step.id].text}</p>}
              {step.id === next ? (
                <p>
                  <AppLink to={placeOf[step.id](overview)} className="slds-button slds-button_brand">
                    {words.steps[step.id].open}
                  </AppLink>
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Health({ overview }: { overview: Overview }) {
  const words = useText('triage/overview');
  const language = useLanguage();
  const count = (value: number) => value.toLocaleString(language);
  const { stop, lastSuccessAt, silent, authorizedUsers, linkedUsers, openCauses, affectedUsers, jobs } = overview;
  const linked = linkedUsers.exact ? count(linkedUsers.count) : words.about(count(linkedUsers.count));
  return (
    <section className="argus-sheet argus-sheet_padded" aria-labelledby="overview-health">
      <h2 id="overview-health" className="argus-sheet__title">
        {words.health}
      </h2>
      <dl className="argus-health">
        <Fact name={words.mail} to={pages.diagnosis.path} link={words.diagnose}>
          {stop !== null || silent ? (
            <Badge kind="error">{stop === null ? words.silent : words.stopped}</Badge>
          ) : lastSuccessAt === null ? (
            <span className="argus-quiet">{words.noSuccessYet}</span>
          ) : (
            <Badge kind="success">{words.well}</Badge>
          )}
          {lastSuccessAt === null ? null : (
            <span>
              {words.lastSuccess} <RelativeTime at={lastSuccessAt} />
            </span>
          )}
        </Fact>
        <Fact name={words.users} to={pages.accountLinks.path} link={words.openLinks}>
          {words.authorizedOf(count(authorizedUsers), linked)}
        </Fact>
        <Fact name={words.errors} to={pages.errorEvents.path} link={words.openLog}>
          {openCauses === 0 ? (
            <Badge kind="success">{words.noCauses}</Badge>
          ) : (
            <Badge kind="warning">{words.causes(count(openCauses), count(affectedUsers))}</Badge>
          )}
        </Fact>
        <Secret provider={overview.provider} />
        <Fact name={words.jobs}>
          {jobs === false ? <Badge kind="error">{words.jobsDown}</Badge> : jobs ? words.jobsUp : words.jobsUnknown}
        </Fact>
      </dl>
    </section>
  );
}

function Secret({ provider }: { provider: Overview['provider'] }) {
  const words = useText('triage/overview');
  const language = useLanguage();
  if (provider === null) return null;
  const { id, name, secretExpiresOn: date, secretWorkedAt } = provider;
  const days = date === null ? Number.NaN : daysUntil(date, new Date());
  const urgency = Number.isNaN(days) ? null : expiryUrgency(days);
  const text = date === null ? words.expiryUnknown : formatDate(Date.parse(date), language, { timeZone: 'UTC' });
  const left = words.daysLeft(days);
  return (
    <Fact
      name={words.secret}
      to={`${pages.authProviders.path}/${encodeURIComponent(id)}?field=consumerSecretExpiresOn`}
      link={words.openProvider}
    >
      <DataText text={name} />
      <span>{text}</span>
      {urgency === null ? null : urgency === 'fine' ? (
        <span className="argus-quiet">{left}</span>
      ) : (
        <Badge kind={urgency === 'expired' && secretWorkedAt === null ? 'error' : 'warning'}>
          {urgency === 'expired' ? words.datePassed : left}
        </Badge>
      )}
      {date === null || secretWorkedAt === null ? null : (
        <span>
          {words.yetMailCame} <RelativeTime at={secretWorkedAt} />
        </span>
      )}
    </Fact>
  );
}

function Fact(props: { name: string; children: ReactNode; to?: string; link?: string }) {
  const { name, children, to, link } = props;
  return (
    <div className="argus-health__fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
      {to === undefined ? null : (
        <dd>
          <AppLink to={to}>{link} →</AppLink>
        </dd>
      )}
    </div>
  );
}
