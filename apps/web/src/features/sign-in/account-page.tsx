import { useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { fieldMessages } from '../../lib/field-messages.ts';
import { sessionQuery } from '../../lib/session-query.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToast } from '../../ui/toast-region.tsx';
import { useChangePassword } from './queries.ts';

const nothing = { currentPassword: '', newPassword: '', repeat: '' };

/** パスワードの変更: one's own. */
export function AccountPage() {
  const words = useText('signIn');
  const toast = useToast();
  const change = useChangePassword();
  const { user } = useSuspenseQuery(sessionQuery).data;
  const [values, setValues] = useState(nothing);
  const [local, setLocal] = useState<Partial<typeof nothing>>({});
  const messages: Readonly<Record<string, string | undefined>> = { ...fieldMessages(change.error), ...local };
  const hasMessages = Object.values(messages).some(Boolean);

  const set = (name: keyof typeof nothing) => (event: { target: { value: string } }) => {
    setValues({ ...values, [name]: event.target.value });
    setLocal({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const faults: Partial<typeof nothing> = {};
    if (values.currentPassword === '') faults.currentPassword = words.required;
    if (values.newPassword === '') faults.newPassword = words.required;
    if (values.newPassword !== values.repeat) faults.repeat = words.repeatDiffers;
    setLocal(faults);
    if (Object.keys(faults).length > 0 || change.isPending) return;
    const { currentPassword, newPassword } = values;
    change.mutate(
      { currentPassword, newPassword },
      {
        onSuccess: () => {
          setValues(nothing);
          toast(words.passwordChanged);
        },
      },
    );
  };
  return (
    <div className="argus-page argus-page_narrow">
      <PageHeader title={words.passwordTitle} icon="utility:key" note={words.passwordNote} />
      <Card title={user?.username ?? ''}>
        <form onSubmit={submit} noValidate>
          {change.error && !hasMessages ? <ErrorViewOf error={change.error} /> : null}
          {/* For password managers: whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={user?.username ?? ''} readOnly hidden />
          <TextField
            label={words.currentPassword}
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
            value={values.currentPassword}
            onChange={set('currentPassword')}
            error={messages.currentPassword}
          />
          <TextField
            label={words.newPassword}
            name="newPassword"
            type="password"
            autoComplete="new-password"
            required
            value={values.newPassword}
            onChange={set('newPassword')}
            error={messages.newPassword}
          />
          <TextField
            label={words.repeatPassword}
            name="repeatPassword"
            type="password"
            autoComplete="new-password"
            required
            value={values.repeat}
            onChange={set('repeat')}
            error={messages.repeat}
          />
          <div className="argus-form__submit">
            <Button type="submit" variant="brand" busy={change.isPending}>
              {words.changePassword}
            </Button>
          </div>
        </form>
      </Card>
    </div>
  );
}
