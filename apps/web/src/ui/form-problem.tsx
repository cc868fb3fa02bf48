import { useText } from '../i18n/text-context.tsx';
import { ProblemError } from '../lib/api-client.ts';
import { fieldMessages } from '../lib/field-messages.ts';
import { Button } from './button.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { ScopedNotification } from './scoped-notification.tsx';
import type { LoadLatest } from './use-load-latest.ts';

/**
 * Why a form was not saved, above its fields. A field's error is shown next to it; a record that another
 * administrator changed can be reloaded without losing input.
 * @param fields the names of the form's fields: errors of other fields are written out here
 * @param rebased the newer record was loaded; the input must be checked against it
 */
export function FormProblem(props: {
  error: unknown;
  fields: readonly string[];
  latest?: LoadLatest;
  rebased?: boolean;
}) {
  const { error, fields, latest, rebased = false } = props;
  const words = useText('controls');
  if (latest?.error) return <ErrorViewOf error={latest.error} onRetry={latest.load} retrying={latest.loading} />;
  if (!error) {
    if (!rebased) return null;
    return (
      <ScopedNotification kind="info">
        <p>{words.loadedLatest}</p>
      </ScopedNotification>
    );
  }
  const changed = error instanceof ProblemError && error.problem.code === 'record_changed';
  if (changed && latest) {
    return (
      <ScopedNotification
        kind="warning"
        actions={
          <Button onClick={latest.load} busy={latest.loading} icon="utility:refresh">
            {words.loadLatest}
          </Button>
        }
      >
        <p className="argus-strong">{words.changedElsewhere}</p>
        <p>{words.changedElsewhereText}</p>
      </ScopedNotification>
    );
  }
  const wrong = Object.entries(fieldMessages(error));
  if (wrong.length === 0) return <ErrorViewOf error={error} />;
  const elsewhere = wrong.filter(([field]) => !fields.includes(field));
  return (
    <ScopedNotification kind="error">
      <p>{words.fieldsWrong(wrong.length)}</p>
      {elsewhere.map(([field, message]) => (
        <p key={field}>
          {field}: {message}
        </p>
      ))}
    </ScopedNotification>
  );
}
