import type { ReplyOf } from '@argus/contract/endpoint-map';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { KnownOrUnknown } from './known-or-unknown.tsx';
import { eventsUntilQuery } from './queries.ts';

const dayMs = 24 * 3600_000;

/** Asks before shortening the retention of エラーログ: older records are soon deleted permanently. */
export function ShortenRetention(props: { days: number; onConfirm: () => void; onClose: () => void }) {
  const { days, ...modal } = props;
  const words = useText('connection/setup').settings;
  const { save } = useText('controls');
  const [until] = useState(() => new Date(Date.now() - days * dayMs).toISOString());
  const events = useQuery(eventsUntilQuery(until));
  return (
    <ConfirmModal {...modal} title={words.shortenTitle} action={save} busy={events.isLoading} error={null}>
      <p>{words.shortenText(days)}</p>
      <KnownOrUnknown query={events} unknown={words.shortenUnknown}>
        {({ total }) => <Deleted total={total} />}
      </KnownOrUnknown>
      <p>{words.shortenForGood}</p>
    </ConfirmModal>
  );
}

/** How many records will be deleted. */
function Deleted({ total: { count, exact } }: { total: ReplyOf<'GET /api/admin/error-events'>['total'] }) {
  const words = useText('connection/setup').settings;
  const language = useLanguage();
  if (count === 0) return <p>{words.shortenNone}</p>;
  const shown = count.toLocaleString(language);
  return (
    <ScopedNotification kind="warning">
      <p className="argus-strong">{exact ? words.shortenDeletes(shown) : words.shortenDeletesAbout(shown)}</p>
    </ScopedNotification>
  );
}
