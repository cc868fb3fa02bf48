import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import type { AdminDetail } from '@argus/contract/errors/problem';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { StageText } from '../../../ui/admin-details.tsx';
import { AppLink } from '../../../ui/app-link.tsx';
import { CheckMended } from '../../../ui/check-mended.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { affectedAccount, WhoseError } from '../whose-error.tsx';

/** Microsoft's answer as people compare it: its codes, or the status alone. */
function answerOf({ status, networkCode, oauthError, aadstsCodes, graphCodes }: NonNullable<AdminDetail['upstream']>) {
  const named = [
    networkCode,
    oauthError,
    ...(aadstsCodes ?? []).map((number) => `AADSTS${number}`),
    ...(graphCodes ?? []),
  ];
  return [status === undefined ? undefined : `HTTP ${status}`, ...named].filter(Boolean).join(' · ');
}

/** この発生の記録: when, whose, by which provider, where and with which answer; and what to do with it. */
export function EventRecord({ event, children }: { event: ErrorEventView; children?: ReactNode }) {
  const words = useText('triage/dictionary');
  const common = useText('common');
  const { errorId, code, username, occurredAt, suffix, stage, problem } = event;
  const account = affectedAccount(event);
  const { origin, nearMisses = [], upstream, stage: purpose } = problem.admin ?? {};
  const isSwitchedOff = nearMisses.some(({ difference }) => difference === 'inactive');
  const answer = upstream ? answerOf(upstream) : '';
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.occurredAt, <ExactTime key="at" at={occurredAt} />],
    [words.user, username === null ? words.nobody : <WhoseError key="user" {...event} username={username} />],
    ...(suffix === null ? [] : ([[words.provider, <DataText key="suffix" text={suffix} code />]] as const)),
    [words.stage, <StageText key="stage" stage={purpose} met={upstream?.stage ?? stage} />],
    ...(origin === undefined ? [] : ([[common.blockedOrigin, <DataText key="origin" text={origin} code />]] as const)),
    ...(nearMisses.length === 0
      ? []
      : ([
          [
            isSwitchedOff ? common.registeredSites : common.nearMisses,
            nearMisses.map((site) => (
              <p key={site.origin}>
                <DataText text={site.origin} code /> – {site.label}
              </p>
            )),
          ],
        ] as const)),
    ...(answer === '' ? [] : ([[words.answer, <DataText key="answer" text={answer} code />]] as const)),
    [
      words.code,
      <span key="code" className="argus-code">
        {code}
      </span>,
    ],
  ];
  return (
    <>
      <dl className="argus-facts argus-facts_compact">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="argus-event__links">
        {children}
        <AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ errorId })}`}>{words.openEvent}</AppLink>
        {account === null ? null : (
          <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username: account.username })}`}>
            {words.diagnose}
          </AppLink>
        )}
      </p>
      {account === null ? null : (
        <div className="argus-event__check">
          <CheckMended account={account} />
        </div>
      )}
    </>
  );
}
