import type { OriginMove } from '@argus/contract/endpoints/connection/setup';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { formatCountdown } from '../../../lib/format-time.ts';
import { pages } from '../../../pages.ts';
import { ConfirmModal } from '../../../ui/confirm-modal.tsx';
import { usePasswordProof } from '../../../ui/prove-password.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { KnownOrUnknown } from './known-or-unknown.tsx';
import type { AskedMove } from './use-origin-move.ts';

/** The dialog, while a save is waiting for it. */
export function OriginMoveDialog<Body>(props: {
  asked: AskedMove<Body> | undefined;
  title: string;
  busy: boolean;
  onConfirm: (body: Body) => void;
  onClose: () => void;
}) {
  const { asked, onConfirm, ...rest } = props;
  if (!asked) return null;
  return <AskMove {...rest} asked={asked} onConfirm={() => onConfirm(asked.body)} />;
}

/**
 * Asks before an endpoint moves to another origin: says who must authorize again, and requires the password where the
 * API will.
 */
function AskMove(props: {
  asked: AskedMove<unknown>;
  title: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { asked, title, busy, onConfirm, onClose } = props;
  const query = useQuery(asked.query);
  const words = useText('connection/setup').originMove;
  const { save } = useText('controls');
  const formId = useId();
  const proof = usePasswordProof();
  const [proved, setProved] = useState(false);
  const asksPassword = !proved && query.data?.needsPassword === true;
  const { waitSeconds } = proof;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || query.isLoading) return;
    if (!asksPassword) {
      onConfirm();
      return;
    }
    proof.submit(event, () => {
      setProved(true);
      onConfirm();
    });
  };
  return (
    <ConfirmModal
      title={title}
      action={waitSeconds > 0 ? `${save} (${formatCountdown(waitSeconds)})` : save}
      destructive={query.data === undefined || query.data.suspends > 0}
      busy={busy || proof.busy || query.isLoading || waitSeconds > 0}
      error={proof.error}
      form={formId}
      onClose={onClose}
    >
      <form id={formId} ref={proof.formRef} className="argus-prose" onSubmit={submit} noValidate>
        <dl className="argus-move">
          <dt>{words.from}</dt>
          <dd className="argus-code">{query.data?.from ?? asked.from}</dd>
          <dt>{words.to}</dt>
          <dd className="argus-code">{query.data?.to ?? asked.to}</dd>
        </dl>
        {query.data?.restores ? null : <p>{words.notSent}</p>}
        <KnownOrUnknown query={query} unknown={words.unknown}>
          {(move) => <WhoIsMet move={move} />}
        </KnownOrUnknown>
        {asksPassword ? proof.field : null}
      </form>
    </ConfirmModal>
  );
}

/** How many must authorize again, some of them by name, and how many earlier authorizations become valid again. */
function WhoIsMet({ move: { suspends, names, restores } }: { move: OriginMove }) {
  const words = useText('connection/setup').originMove;
  const { opensInNewTab } = useText('common');
  const language = useLanguage();
  const more = suspends - names.length;
  return (
    <div className="argus-prose" data-suspends={suspends} data-restores={restores}>
      {restores > 0 ? <p className="argus-strong">{words.restores(restores)}</p> : null}
      {suspends === 0 ? (
        <p>{words.nobody}</p>
      ) : (
        <>
          <ScopedNotification kind="warning">
            <p className="argus-strong">{words.suspends(suspends)}</p>
            <p>{words.suspendsUntil}</p>
          </ScopedNotification>
          <div>
            <p>{words.whose}</p>
            <ul className="argus-used-by">
              {names.map((name) => (
                <li key={name}>
                  <bdi className="argus-data">{name}</bdi>
                </li>
              ))}
              {more > 0 ? <li>{words.more(more.toLocaleString(language))}</li> : null}
            </ul>
            <p>
              {/* In a new tab, as the form below has unsaved input. */}
              <a href={`${pages.accountLinks.path}?state=authorized`} target="_blank" rel="noopener">
                {words.openLinks} <span className="slds-assistive-text">({opensInNewTab})</span>
              </a>
            </p>
          </div>
        </>
      )}
    </div>
  );
}
