import type { OriginMove } from '@argus/contract/endpoints/setup';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { formatCountdown } from '../../lib/format-time.ts';
import { sessionQuery } from '../../lib/session-query.ts';
import { useSecondsUntil } from '../../lib/use-now.ts';
import { ConfirmModal } from '../../ui/confirm-modal.tsx';
import { useShownError } from '../../ui/error-view.tsx';
import { PasswordField } from '../../ui/form-field.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { KnownOrUnknown } from './known-or-unknown.tsx';
import { useReauthenticate } from './queries.ts';
import type { AskedMove } from './use-origin-move.ts';

/** The dialog, while something waits in it. */
export function OriginMoveDialog<Body>(props: {
  asked: AskedMove<Body> | undefined;
  title: string;
  busy: boolean;
  onConfirm: (body: Body) => void;
  onClose: () => void;
}) {
  const { asked, onConfirm, ...rest } = props;
  if (!asked) return null;
  // Anew for each refusal of the API: the password that was proved before is none any more.
  return <AskMove {...rest} key={asked.demands} asked={asked} onConfirm={() => onConfirm(asked.body)} />;
}

/**
 * Asks before an endpoint moves to another origin: says who must authorize again, and has the password proved where the API
 * will ask for it.
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
  const demanded = asked.demands > 0;
  const username = useQuery(sessionQuery).data?.user?.username ?? '';
  const words = useText('setup').originMove;
  const { save } = useText('controls');
  const formId = useId();
  const form = useRef<HTMLFormElement>(null);
  const prove = useReauthenticate();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const [proved, setProved] = useState(false);
  const asksPassword = !proved && (demanded || query.data?.needsPassword === true);
  const wrong = fieldMessages(prove.error).password;
  const wait = useSecondsUntil(useShownError(prove.error).retryAt);

  useEffect(() => {
    if (demanded) focusPassword(form.current);
  }, [demanded]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || prove.isPending || query.isLoading || wait > 0) return;
    if (!asksPassword) {
      onConfirm();
      return;
    }
    setMissing(password === '');
    if (password === '') {
      focusPassword(form.current);
      return;
    }
    prove.mutate(password, {
      onSuccess: () => {
        setProved(true);
        onConfirm();
      },
      onError: () => focusPassword(form.current),
    });
  };
  return (
    <ConfirmModal
      title={title}
      action={wait > 0 ? `${save} (${formatCountdown(wait)})` : save}
      destructive={query.data === undefined || query.data.suspends > 0}
      busy={busy || prove.isPending || query.isLoading || wait > 0}
      error={wrong ? null : prove.error}
      form={formId}
      onClose={onClose}
    >
      <form id={formId} ref={form} className="argus-prose" onSubmit={submit} noValidate>
        <dl className="argus-move">
          <dt>{words.from}</dt>
          <dd className="argus-code">{query.data?.from ?? asked.from}</dd>
          <dt>{words.to}</dt>
          <dd className="argus-code">{query.data?.to ?? asked.to}</dd>
        </dl>
        <p>{words.notSent}</p>
        <KnownOrUnknown query={query} unknown={words.unknown}>
          {(move) => <WhoIsMet move={move} />}
        </KnownOrUnknown>
        {asksPassword ? (
          <>
            {/* For password managers: whose password it is. */}
            <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
            <PasswordField
              name="password"
              label={words.password}
              help={words.passwordHelp}
              required
              autoComplete="current-password"
              value={password}
              onChange={(value) => {
                setPassword(value);
                setMissing(false);
              }}
              error={missing ? words.passwordMissing : wrong}
            />
          </>
        ) : null}
      </form>
    </ConfirmModal>
  );
}

function focusPassword(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[name="password"]')?.focus();
}

/** How many must authorize again, some of them by name, and for how many an earlier authorization is valid again. */
function WhoIsMet({ move: { suspends, names, restores } }: { move: OriginMove }) {
  const words = useText('setup').originMove;
  const { opensInNewTab } = useText('common');
  const language = useLanguage();
  const more = suspends - names.length;
  return (
    <div className="argus-prose" data-suspends={suspends} data-restores={restores}>
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
              {/* In a tab of its own: the form beneath holds what is not saved yet. */}
              <a href="/admin/account-links?state=authorized" target="_blank" rel="noopener">
                {words.openLinks} <span className="slds-assistive-text">({opensInNewTab})</span>
              </a>
            </p>
          </div>
        </>
      )}
      {restores > 0 ? <p>{words.restores(restores)}</p> : null}
    </div>
  );
}
