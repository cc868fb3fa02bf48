import type { ReplyOf } from '@argus/contract/endpoint-map';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { entryPath, type ListSearch } from './entry-path.ts';

type Found = NonNullable<ReplyOf<'GET /api/admin/error-catalogue'>['event']>;

/** The error whose ID was pasted: when, whose, and what to open next. Its entry links back to `search`. */
export function FoundEvent({ event, search }: { event: Found; search: ListSearch }) {
  const words = useText('triage/dictionary');
  const { errorId, code, username, occurredAt } = event;
  return (
    <section className="argus-found" aria-label={words.foundEvent(errorId)}>
      <p className="argus-strong">{words.foundEvent(errorId)}</p>
      <dl className="argus-facts argus-facts_compact">
        <div>
          <dt>{words.occurredAt}</dt>
          <dd>
            <ExactTime at={occurredAt} />
          </dd>
        </div>
        <div>
          <dt>{words.user}</dt>
          <dd>{username === null ? words.nobody : <DataText text={username} />}</dd>
        </div>
        <div>
          <dt>{words.code}</dt>
          <dd className="argus-code">{code}</dd>
        </div>
      </dl>
      <p className="argus-event__links">
        <AppLink to={entryPath(code, { ...search, username: username ?? undefined })}>{words.openEntry}</AppLink>
        <AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ errorId })}`}>{words.openEvent}</AppLink>
        {username === null ? null : (
          <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username })}`}>{words.diagnose}</AppLink>
        )}
      </p>
    </section>
  );
}

/** The text contains an ID, but no event has it. */
export function UnknownErrorId({ errorId }: { errorId: string }) {
  const words = useText('triage/dictionary');
  return (
    <div className="argus-sheet__notices">
      <ScopedNotification kind="info">
        <p className="argus-strong">{words.unknownErrorId(errorId)}</p>
        <p>{words.unknownErrorIdText}</p>
      </ScopedNotification>
    </div>
  );
}
