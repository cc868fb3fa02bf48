import { useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { TextField } from '../../ui/text-field.tsx';

const nothing = { password: '', repeat: '' };

/** A new password, typed twice, and its faults before anything is sent. */
export interface NewPassword {
  readonly values: typeof nothing;
  readonly faults: Partial<typeof nothing>;
  readonly set: (name: keyof typeof nothing, value: string) => void;
  /** Validates the input and shows the faults. */
  readonly isComplete: () => boolean;
  readonly clear: () => void;
}

export function useNewPassword(): NewPassword {
  const words = useText('accounts');
  const [values, setValues] = useState(nothing);
  const [faults, setFaults] = useState<Partial<typeof nothing>>({});
  return {
    values,
    faults,
    set(name, value) {
      setValues({ ...values, [name]: value });
      setFaults({});
    },
    isComplete() {
      const found: Partial<typeof nothing> = {};
      if (values.password.trim() === '') found.password = words.required;
      if (values.password !== values.repeat) found.repeat = words.repeatDiffers;
      setFaults(found);
      return Object.keys(found).length === 0;
    },
    clear() {
      setValues(nothing);
      setFaults({});
    },
  };
}

/** The two fields of a new password. */
export function NewPasswordFields(props: {
  of: NewPassword;
  labels: { password: string; repeat: string };
  /** The password's name in the request, for password managers. */
  name: string;
  /** The API's error for it. */
  error: string | undefined;
}) {
  const { of, labels, name, error } = props;
  const { passwordRule } = useText('accounts');
  const common = { type: 'password', autoComplete: 'new-password', required: true, maxLength: 1024 } as const;
  return (
    <>
      <TextField
        {...common}
        label={labels.password}
        name={name}
        value={of.values.password}
        onChange={(event) => of.set('password', event.target.value)}
        error={of.faults.password ?? error}
        hint={passwordRule}
      />
      <TextField
        {...common}
        label={labels.repeat}
        name="repeatPassword"
        value={of.values.repeat}
        onChange={(event) => of.set('repeat', event.target.value)}
        error={of.faults.repeat}
      />
    </>
  );
}
