import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { ProblemError } from '../../lib/api-client.ts';
import { useDebounced } from '../../lib/use-debounced.ts';
import { accountSuggestionsQuery } from '../../queries/account-suggestions.ts';
import { useStandingError } from '../../queries/use-standing-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorViewOf } from '../../ui/error-view.tsx';
import { FormTextField } from '../../ui/form-field.tsx';
import { useStart } from './use-start.ts';

/** Whose connection to diagnose, or only the configuration. `username` is the one in the address. */
export function StartForm({ username }: { username: string }) {
  const words = useText('diagnosis/doctor').start;
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState(username);
  const [given, setGiven] = useState(username);
  const [missing, setMissing] = useState(false);
  const { start, isPending, startingFor, error, reset } = useStart();
  const fault = useStandingError(error);
  const q = useDebounced(typed.trim(), 250);
  const suggestions = useQuery({ ...accountSuggestionsQuery(q), enabled: q !== '' }).data ?? [];
  const unknown = error instanceof ProblemError && error.problem.code === 'not_found';

  // Another address means another user; the form itself stays, and keeps the focus.
  if (given !== username) {
    setGiven(username);
    setTyped(username);
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    const wanted = typed.trim();
    if (wanted === '') {
      setMissing(true);
      form.current?.querySelector('input')?.focus();
      return;
    }
    // A name that only one account has identifies it.
    const named = suggestions.filter(({ label }) => label === wanted);
    start(named.length === 1 && named[0] ? named[0].value : wanted);
  };
  return (
    <section className="argus-sheet argus-sheet_padded">
      {fault && !unknown ? <ErrorViewOf error={fault} /> : null}
      <form ref={form} className="argus-doctor-start" onSubmit={submit} noValidate>
        <FormTextField
          name="username"
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setMissing(false);
            reset();
          }}
          label={words.username}
          help={words.usernameHelp}
          type="email"
          suggestions={suggestions}
          error={missing ? words.usernameMissing : unknown ? words.unknown : undefined}
        />
        <div className="argus-doctor-start__actions">
          <Button type="submit" variant="brand" busy={isPending}>
            {isPending && startingFor !== null ? words.starting : words.diagnose}
          </Button>
          <Button busy={isPending} onClick={() => start(null)}>
            {isPending && startingFor === null ? words.starting : words.withoutUser}
          </Button>
        </div>
        <p className="argus-quiet argus-doctor-start__note">{words.withoutUserHelp}</p>
      </form>
    </section>
  );
}
