import type { SessionView } from '@argus/contract/endpoints/accounts';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { NewPasswordFields, useNewPassword } from './new-password-fields.tsx';
import { useCreateFirstAdmin } from './queries.ts';
import { useFragmentToken } from './use-fragment-token.ts';

const nothing = { username: '', displayName: '' };

/** The page of the one-time link printed at the first start. */
export function FirstAdminPage({ session, onDone }: { session: SessionView; onDone: () => void }) {
  const words = useText('accounts');
  const { pageTitle } = useText('shell');
  const token = useFragmentToken();
  // The state on arrival: creating the account here must not turn the page into "already created" before it is left.
  const [hadAccounts] = useState(session.hasAccounts);
  return (
    <section className="argus-panel">
      <title>{pageTitle(words.firstAdminTitle)}</title>
      <h1 className="argus-panel__title">{words.firstAdminTitle}</h1>
      {hadAccounts ? (
        <ScopedNotification kind="info">
          <p>{words.firstAdminHasAccounts}</p>
          <p>
            <AppLink to={pages.home.path}>{words.toSignIn}</AppLink>
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
  const words = useText('accounts');
  const create = useCreateFirstAdmin();
  const [values, setValues] = useState(nothing);
  const [local, setLocal] = useState<Partial<typeof nothing>>({});
  const password = useNewPassword();
  const messages: Readonly<Record<string, string | undefined>> = { ...fieldMessages(create.error), ...local };
  const hasMessages = Object.values(messages).some(Boolean);

  const set = (name: keyof typeof nothing) => (event: { target: { value: string } }) => {
    setValues({ ...values, [name]: event.target.value });
    setLocal({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const faults: Partial<typeof nothing> = {};
    for (const name of ['username', 'displayName'] as const) {
      if (values[name].trim() === '') faults[name] = words.required;
    }
    setLocal(faults);
    // Always validated, so that every fault is shown at once.
    const complete = password.isComplete();
    if (!complete || Object.keys(faults).length > 0 || create.isPending) return;
    create.mutate({ token, ...values, password: password.values.password }, { onSuccess: onDone });
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
      <NewPasswordFields
        of={password}
        labels={{ password: words.choosePassword, repeat: words.repeatChosenPassword }}
        name="password"
        error={messages.password}
      />
      <div className="argus-form__submit">
        <Button type="submit" variant="brand" busy={create.isPending}>
          {words.create}
        </Button>
      </div>
    </form>
  );
}
