import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { fieldMessages } from '../lib/field-messages.ts';
import { useReauthenticate } from '../lib/reauthenticate.ts';
import { useSecondsUntil } from '../lib/use-now.ts';
import { sessionQuery } from '../queries/session-query.ts';
import { useShownError } from './error-view.tsx';
import { PasswordField } from './form-field.tsx';

export interface PasswordProof {
  readonly formRef: RefObject<HTMLFormElement | null>;
  /** The field, for a form whose ref is `formRef`. */
  readonly field: ReactNode;
  readonly busy: boolean;
  /** Seconds until another try is allowed, after too many; 0 = now. */
  readonly waitSeconds: number;
  /** Any error except a wrong password, which the field shows. */
  readonly error: unknown;
  focus(): void;
  /** Proves the typed password. */
  submit(event: FormEvent, onProved: () => void): void;
}

/** The field in which the signed-in user proves their own password, and its state. */
export function usePasswordProof(): PasswordProof {
  const words = useText('controls').proof;
  const username = useQuery(sessionQuery).data?.user?.username ?? '';
  const formRef = useRef<HTMLFormElement>(null);
  const prove = useReauthenticate();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const wrong = fieldMessages(prove.error).password;
  const waitSeconds = useSecondsUntil(useShownError(prove.error).retryAt);
  const focus = () => formRef.current?.querySelector<HTMLElement>('[name="password"]')?.focus();
  return {
    formRef,
    busy: prove.isPending,
    waitSeconds,
    error: wrong ? null : prove.error,
    focus,
    submit(event, onProved) {
      event.preventDefault();
      if (prove.isPending || waitSeconds > 0) return;
      setMissing(password === '');
      if (password === '') focus();
      else prove.mutate(password, { onSuccess: onProved, onError: focus });
    },
    field: (
      <>
        {/* Tells password managers whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField
          name="password"
          label={words.password}
          help={words.help}
          required
          autoComplete="current-password"
          value={password}
          onChange={(value) => {
            setPassword(value);
            setMissing(false);
          }}
          error={missing ? words.missing : wrong}
        />
      </>
    ),
  };
}
