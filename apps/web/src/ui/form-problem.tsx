import { useText } from '../i18n/text-context.tsx';
import { ProblemError } from '../lib/api-client.ts';
import { fieldMessages } from '../lib/field-messages.ts';
import { Button } from './button.tsx';
import { ErrorViewOf } from './error-view.tsx';
import type { FormDraft } from './form-draft.ts';
import { ScopedNotification } from './scoped-notification.tsx';
import type { LoadLatest } from './use-load-latest.ts';

/**
 * Why a form was not saved, above its fields. What is wrong with a field stands next to it; a record that another administrator
 * changed can be loaded anew without losing what was typed.
 * @param draft errors of other fields than its own are written out here
 * @param latest for a record that others may have changed
 */
export function FormProblem(props: {
  draft: Pick<FormDraft<object>, 'values' | 'rebased'>;
  error: unknown;
  latest: LoadLatest | undefined;
}) {
  const { draft, error, latest } = props;
  const words = useText('controls');
  if (latest?.error) return <ErrorViewOf error={latest.error} onRetry={latest.load} retrying={latest.loading} />;
  if (!error) {
    if (!draft.rebased) return null;
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
  const elsewhere = wrong.filter(([field]) => !Object.hasOwn(draft.values, field));
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
