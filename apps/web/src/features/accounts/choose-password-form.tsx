import type { FormEvent, ReactNode } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { NewPasswordFields, useNewPassword } from './new-password-fields.tsx';
import { SubmitButton } from './submit-button.tsx';

/** The form by which somebody who has no password yet chooses one; `children` stand above the password. */
export function ChoosePasswordForm(props: {
  children: ReactNode;
  /** What the API says of the password. */
  error: string | undefined;
  busy: boolean;
  /** What the button does. */
  action: string;
  /** Judges what else is in the form, and shows its faults. */
  isComplete?: () => boolean;
  onSubmit: (password: string) => void;
}) {
  const { children, error, busy, action, isComplete = () => true, onSubmit } = props;
  const words = useText('accounts');
  const password = useNewPassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Both are judged in any case: every fault is shown at once.
    const complete = [isComplete(), password.isComplete()];
    if (complete.includes(false) || busy) return;
    onSubmit(password.values.password);
  };
  return (
    <form onSubmit={submit} noValidate>
      {children}
      <NewPasswordFields
        of={password}
        labels={{ password: words.choosePassword, repeat: words.repeatChosenPassword }}
        name="password"
        error={error}
      />
      <SubmitButton busy={busy}>{action}</SubmitButton>
    </form>
  );
}
