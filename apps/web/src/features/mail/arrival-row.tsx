import type { Arrival } from '@argus/contract/endpoints/mail';
import { useText } from '../../i18n/text-context.tsx';
import { plainDirection } from '../../lib/plain-direction.ts';
import { Icon } from '../../ui/icon.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/**
 * One message: sender, subject, time and flags. Everything from Microsoft is plain text, each part isolated in its
 * own direction.
 */
export function ArrivalRow({ arrival, isNew }: { arrival: Arrival; isNew: boolean }) {
  const words = useText('mail');
  const common = useText('common');
  const { kind, sender, subject, receivedAt, unread, preview, webLink } = arrival;
  const className = `argus-mail ${unread ? 'argus-mail_unread' : ''} ${isNew ? 'argus-mail_new' : ''}`;
  const content = (
    <>
      <span className="argus-mail__dot">
        {unread ? <span className="slds-assistive-text">{words.unread}</span> : null}
      </span>
      <bdi className="argus-mail__sender" dir="auto">
        {plainDirection(sender?.name || sender?.address || words.noSender)}
      </bdi>
      <span className="argus-mail__subject">
        {kind === 'message' ? null : <span className="argus-mail__kind">{words.kinds[kind]}</span>}
        <bdi dir="auto">{plainDirection(subject ?? '').trim() || words.noSubject}</bdi>
      </span>
      <span className="argus-mail__marks">
        <Marks arrival={arrival} />
      </span>
      <span className="argus-mail__time">{receivedAt === null ? words.noDate : <RelativeTime at={receivedAt} />}</span>
      {preview ? (
        <bdi className="argus-mail__preview" dir="auto">
          {plainDirection(preview)}
        </bdi>
      ) : null}
    </>
  );
  // The contract promises https; even so, any other link must not become clickable here.
  if (webLink?.startsWith('https://')) {
    return (
      <li className="argus-mails__item">
        <a className={className} href={webLink} target="_blank" rel="noopener noreferrer">
          {content}
          <span className="slds-assistive-text">({common.opensInNewTab})</span>
        </a>
      </li>
    );
  }
  return (
    <li className="argus-mails__item">
      <div className={className}>{content}</div>
    </li>
  );
}

function Marks({ arrival }: { arrival: Arrival }) {
  const words = useText('mail');
  return (
    <>
      {arrival.hasAttachments ? <Icon name="utility:attach" size="xx-small" label={words.attachment} /> : null}
      {arrival.importance === 'high' ? (
        <Icon name="utility:warning" size="xx-small" tone="error" label={words.highImportance} />
      ) : null}
      {arrival.importance === 'low' ? (
        <Icon name="utility:arrowdown" size="xx-small" tone="light" label={words.lowImportance} />
      ) : null}
      {arrival.flag === 'flagged' ? (
        <Icon name="utility:priority" size="xx-small" tone="error" label={words.flagged} />
      ) : null}
      {arrival.flag === 'complete' ? (
        <Icon name="utility:check" size="xx-small" tone="success" label={words.flagComplete} />
      ) : null}
    </>
  );
}
