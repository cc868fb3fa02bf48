import type { SessionView } from '@argus/contract/endpoints/accounts';
import { type FormEvent, useRef, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { formatCountdown } from '../../lib/format-time.ts';
import { useSecondsUntil } from '../../lib/use-now.ts';
import { MessageLines, useShownError } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { CookieNotice, CookiesRefused } from './cookie-notice.tsx';
import { CookieRefusedError, useSignIn } from './queries.ts';
import { SubmitButton } from './submit-button.tsx';

/** Username and password, the error and, in the demo, accounts to choose from. */
export function SignInForm(props: {
  demoAccounts?: SessionView['demoAccounts'];
  /** Whom to ask about a forgotten password, where an administrator says so. */
  help?: SessionView['signInHelp'];
  /** The initial value, for example after a session has ended. */
  initialUsername?: string;
  onDone?: (session: SessionView) => void;
}) {
  const { demoAccounts, help, initialUsername = '', onDone } = props;
  const words = useText('accounts');
  const signIn = useSignIn();
  const [username, setUsername] = useState(initialUsername);
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState<{ username?: boolean; password?: boolean }>({});
  const [shown, setShown] = useState(false);
  const submitButton = useRef<HTMLButtonElement>(null);
  const wait = useWait(signIn.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = { username: username.trim() === '', password: password === '' };
    setEmpty(missing);
    if (missing.username || missing.password || signIn.isPending || wait > 0) return;
    signIn.mutate({ username, password }, { onSuccess: (session) => onDone?.(session) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <SignInFault error={signIn.error} />
      <TextField
        label={words.username}
        name="username"
        value={username}
        onChange={(event) => setUsername(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={320}
        error={empty.username ? words.required : undefined}
      />
      <TextField
        label={words.password}
        name="password"
        type={shown ? 'text' : 'password'}
        ref={initialUsername ? focusAtFirst : undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        maxLength={1024}
        error={empty.password ? words.required : undefined}
      />
      <p className="argus-sign-in__options">
        <button type="button" className="argus-link-button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? words.hidePassword : words.showPassword}
        </button>
      </p>
      <SubmitButton ref={submitButton} busy={signIn.isPending} disabled={wait > 0}>
        {signIn.isPending ? words.submitting : wait > 0 ? words.submitIn(formatCountdown(wait)) : words.submit}
      </SubmitButton>
      <p className="argus-quiet argus-sign-in__forgotten">
        {help ? <bdi>{words.forgottenAsk(help)}</bdi> : words.forgotten}
      </p>
      {demoAccounts && demoAccounts.length > 0 ? (
        <DemoAccounts
          accounts={demoAccounts}
          onChoose={(account) => {
            setUsername(account.username);
            setPassword(account.password);
            setEmpty({});
            submitButton.current?.focus();
          }}
        />
      ) : null}
    </form>
  );
}

/** A modal focuses this when it opens; React's own autoFocus runs before that and is undone by it. */
function focusAtFirst(input: HTMLInputElement | null) {
  input?.setAttribute('autofocus', '');
}

/** How many more seconds signing in is refused after too many failures. */
function useWait(error: unknown): number {
  const { retryAt } = useShownError(error);
  return useSecondsUntil(error ? retryAt : null);
}

function SignInFault({ error }: { error: unknown }) {
  const problem = useShownError(error);
  if (!error) return <CookieNotice />;
  if (error instanceof CookieRefusedError) return <CookiesRefused />;
  return (
    <ScopedNotification kind="error">
      <MessageLines lines={problem.lines} />
    </ScopedNotification>
  );
}

type DemoAccount = NonNullable<SessionView['demoAccounts']>[number];

function DemoAccounts({
  accounts,
  onChoose,
}: {
  accounts: readonly DemoAccount[];
  onChoose: (a: DemoAccount) => void;
}) {
  const words = useText('accounts');
  return (
    <section className="argus-demo" aria-label={words.demoTitle}>
      <h2 className="argus-demo__title">{words.demoTitle}</h2>
      <p className="argus-demo__text">{words.demoText}</p>
      <ul className="argus-demo__list">
        {accounts.map((account) => (
          <li key={account.username}>
            <button type="button" className="argus-demo__account" onClick={() => onChoose(account)}>
              <span className="argus-demo__name">{account.displayName}</span>
              {account.role === 'admin' ? <span className="slds-badge">{words.roles.admin}</span> : null}
              <span className="argus-demo__username">{account.username}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
