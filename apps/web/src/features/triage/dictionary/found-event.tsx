import type { ErrorEventView } from '@argus/contract/endpoints/triage/log';
import { useText } from '../../../i18n/text-context.tsx';
import { AppLink } from '../../../ui/app-link.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { entryPath, type ListSearch } from './entry-path.ts';
import { EventRecord } from './event-record.tsx';

/** The error whose ID was pasted: its record, and what to open next. Its entry links back to `search`. */
export function FoundEvent({ event, search }: { event: ErrorEventView; search: ListSearch }) {
  const words = useText('triage/dictionary');
  const { errorId, code } = event;
  return (
    <section className="argus-found" aria-label={words.foundEvent(errorId)}>
      <p className="argus-strong">{words.foundEvent(errorId)}</p>
      <EventRecord event={event}>
        <AppLink to={entryPath(code, { ...search, errorId })}>{words.openEntry}</AppLink>
      </EventRecord>
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
