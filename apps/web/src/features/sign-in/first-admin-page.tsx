import type { SessionView } from '@argus/contract/endpoints/sign-in';
import { type FormEvent, useEffect, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useCreateFirstAdmin } from './queries.ts';

const nothing = { username: '', displayName: '', password: '', repeat: '' };

/** The page of the one-time link printed at the first start. The token comes in the fragment, which no server or Referer sees. */
export function FirstAdminPage({ session, onDone }: { session: SessionView; onDone: () => void }) {
  const words = useText('signIn');
  const { pageTitle } = useText('shell');
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  // As it was on arrival: the account made here must not turn the page into "already created" before it is left.
  const [hadAccounts] = useState(session.hasAccounts);
  useEffect(() => {
    // Out of the address bar and the history as soon as it is read.
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  return (
    <section className="argus-panel">
      <title>{pageTitle(words.firstAdminTitle)}</title>
      <h1 className="argus-panel__title">{words.firstAdminTitle}</h1>
      {hadAccounts ? (
        <ScopedNotification kind="info">
          <p>{words.firstAdminHasAccounts}</p>
          <p>
            <AppLink to="/">{words.toSignIn}</AppLink>
          </p>
        </ScopedNotification>
      ) : token === '' ? (
        <ScopedNotification kind="error">
          <p>{words.firstAdminNoToken}</p>
        </ScopedNotification>
      ) : (
        <>
          <p className="argus-panel__lead">{words.firstAdminLead}</p>
          <FirstAdminForm token={token} onDone={onDone} />
        </>
      )}
    </section>
  );
}

function FirstAdminForm({ token, onDone }: { token: string; onDone: () => void }) {
  const words = useText('signIn');
  const create = useCreateFirstAdmin();
  const [values, setValues] = useState(nothing);
  const [local, setLocal] = useState<Partial<typeof nothing>>({});
  const messages: Readonly<Record<string, string | undefined>> = { ...fieldMessages(create.error), ...local };
  const hasMessages = Object.values(messages).some(Boolean);

  const set = (name: keyof typeof nothing) => (event: { target: { value: string } }) => {
    setValues({ ...values, [name]: event.target.value });
    setLocal({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const faults: Partial<typeof nothing> = {};
    for (const name of ['username', 'displayName', 'password'] as const) {
      if (values[name].trim() === '') faults[name] = words.required;
    }
    if (values.password !== values.repeat) faults.repeat = words.repeatDiffers;
    setLocal(faults);
    if (Object.keys(faults).length > 0 || create.isPending) return;
    const { username, displayName, password } = values;
    create.mutate({ token, username, displayName, password }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate>
      {create.error && !hasMessages ? <ErrorViewOf error={create.error} /> : null}
      <TextField
        label={words.username}
        hint={words.usernameHint}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={values.username}
        onChange={set('username')}
        error={messages.username}
      />
      <TextField
        label={words.displayName}
        name="displayName"
        autoComplete="name"
        required
        value={values.displayName}
        onChange={set('displayName')}
        error={messages.displayName}
      />
      <TextField
        label={words.choosePassword}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        value={values.password}
        onChange={set('password')}
        error={messages.password}
      />
      <TextField
        label={words.repeatChosenPassword}
        name="repeatPassword"
        type="password"
        autoComplete="new-password"
        required
        value={values.repeat}
        onChange={set('repeat')}
        error={messages.repeat}
      />
      <div className="argus-form__submit">
        <Button type="submit" variant="brand" busy={create.isPending}>
          {words.create}
        </Button>
      </div>
    </form>
  );
}
