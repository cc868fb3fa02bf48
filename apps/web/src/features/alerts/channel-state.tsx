import type { AlertChannelView } from '@argus/contract/endpoints/alerts';
import { useText } from '../../i18n/text-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';

/** Whether alerts arrive there: the last success, and what has failed since. */
export function ChannelState({ channel }: { channel: AlertChannelView }) {
  const words = useText('alerts');
  const { lastSentAt, lastFailure, active } = channel;
  return (
    <>
      {lastFailure ? (
        <div data-failing>
          <Badge kind="error">{words.failing}</Badge>
          <p>
            <bdi>{lastFailure.title}</bdi>
          </p>
          <p className="argus-quiet">
            {words.failedAt}
            <ExactTime at={lastFailure.at} />
            {lastFailure.errorId === null ? null : ` ${words.errorId(lastFailure.errorId)}`}
          </p>
          {active ? <p className="argus-quiet">{words.tryAgain}</p> : null}
        </div>
      ) : null}
      {lastSentAt === null ? (
        <p className="argus-quiet">{words.neverSent}</p>
      ) : (
        <p className="argus-quiet">
          {words.lastSent}
          <ExactTime at={lastSentAt} />
        </p>
      )}
    </>
  );
}
