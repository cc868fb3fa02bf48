import { useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { pages } from '../../pages.ts';
import { sessionQuery } from '../../queries/session-query.ts';
import { Card } from '../../ui/card.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { NewPasswordFields, useNewPassword } from './new-password-fields.tsx';
import { useChangePassword } from './queries.ts';
import { SubmitButton } from './submit-button.tsx';

/** パスワードの変更 of one's own account. */
export function AccountPage() {
  const words = useText('accounts');
  const toast = useToast();
  const change = useChangePassword();
  const { user } = useSuspenseQuery(sessionQuery).data;
  const [current, setCurrent] = useState('');
  const [missing, setMissing] = useState(false);
  const password = useNewPassword();
  const messages = fieldMessages(change.error);
  const currentFault = missing ? words.required : messages.currentPassword;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(current === '');
    if (!password.isComplete() || current === '' || change.isPending) return;
    change.mutate(
      { currentPassword: current, newPassword: password.values.password },
      {
        onSuccess: () => {
          setCurrent('');
          password.clear();
          toast(words.passwordChanged);
        },
      },
    );
  };
  return (
    <div className="argus-page argus-page_narrow">
      <PageHeader title={words.passwordTitle} icon={pages.account.icon} note={words.passwordNote} />
      <Card title={user?.username ?? ''}>
        <form onSubmit={submit} noValidate>
          {change.error && !currentFault && !messages.newPassword ? <ErrorViewOf error={change.error} /> : null}
          {/* Tells password managers whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={user?.username ?? ''} readOnly hidden />
          <TextField
            label={words.currentPassword}
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => {
              setCurrent(event.target.value);
              setMissing(false);
            }}
            error={currentFault}
          />
          <NewPasswordFields
            of={password}
            labels={{ password: words.newPassword, repeat: words.repeatPassword }}
            name="newPassword"
            error={messages.newPassword}
          />
          <SubmitButton busy={change.isPending}>{words.changePassword}</SubmitButton>
        </form>
      </Card>
    </div>
  );
}
