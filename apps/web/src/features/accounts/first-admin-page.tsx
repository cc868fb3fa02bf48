import type { SessionView } from '@argus/contract/endpoints/accounts';
import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ChoosePasswordForm } from './choose-password-form.tsx';
import { CookieNotice } from './cookie-notice.tsx';
import { useCreateFirstAdmin } from './queries.ts';
import { useFragmentToken } from './use-fragment-token.ts';

const nothing = { username: '', displayName: '' };

/** The page of the one-time link printed at the first start. */
export function FirstAdminPage({ session, onDone }: { session: SessionView; onDone: () => void }) {
  const words = useText('accounts');
  const token = useFragmentToken();
  // The state on arrival: creating the account here must not turn the page into "already created" before it is left.
  const [hadAccounts] = useState(session.hasAccounts);
  return (
    <Panel title={words.firstAdminTitle}>
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
          <CookieNotice />
          <FirstAdminForm token={token} onDone={onDone} />
        </>
      )}
    </Panel>
  );
}

function FirstAdminForm({ token, onDone }: { token: string; onDone: () => void }) {
  const words = useText('accounts');
  const create = useCreateFirstAdmin();
  const [values, setValues] = useState(nothing);
  const [local, setLocal] = useState<Partial<typeof nothing>>({});
  const messages: Readonly<Record<string, string | undefined>> = { ...fieldMessages(create.error), ...local };
  const hasMessages = Object.values(messages).some(Boolean);

  const field = (name: keyof typeof nothing) => ({
    name,
    label: words[name],
    required: true,
    value: values[name],
    onChange: (event: { target: { value: string } }) => {
      setValues({ ...values, [name]: event.target.value });
      setLocal({});
    },
    error: messages[name],
  });
  const isComplete = () => {
    const faults: Partial<typeof nothing> = {};
    for (const name of ['username', 'displayName'] as const) {
      if (values[name].trim() === '') faults[name] = words.required;
    }
    setLocal(faults);
    return Object.keys(faults).length === 0;
  };
  return (
    <ChoosePasswordForm
      error={messages.password}
      busy={create.isPending}
      action={words.create}
      isComplete={isComplete}
      onSubmit={(password) => create.mutate({ token, ...values, password }, { onSuccess: onDone })}
    >
      {create.error && !hasMessages ? <ErrorViewOf error={create.error} /> : null}
      <TextField
        {...field('username')}
        hint={words.usernameHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField {...field('displayName')} autoComplete="name" />
    </ChoosePasswordForm>
  );
}
