import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useText } from '../i18n/text-context.tsx';
import { useQueryParams } from '../lib/query-params.ts';
import { pages } from '../pages.ts';
import { accountSuggestionsQuery } from '../queries/account-suggestions.ts';
import { useStartRun } from '../queries/doctor-runs.ts';
import { Button } from './button.tsx';
import { DataText } from './data-text.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { ScopedNotification } from './scoped-notification.tsx';

/** 「直ったか確認」: diagnoses the connection of the user whose error it was, and shows the run. */
export function CheckMended({ username }: { username: string }) {
  const { checkMended, checkingMended } = useText('common');
  const navigate = useNavigate();
  const { mutate, isPending, error } = useStartRun();
  const start = () =>
    mutate(username, {
      onSuccess: ({ id }) => void navigate({ to: pages.diagnosis.path, search: { username, run: id } as never }),
    });
  return (
    <>
      <Button icon="utility:check" busy={isPending} onClick={start}>
        {isPending ? checkingMended : checkMended}
      </Button>
      {error ? <ErrorViewOf error={error} /> : null}
    </>
  );
}

/** On a screen that was opened to fix somebody's error: whose it was, and the check whether the fix helped. */
export function MendedFor() {
  const { mendingFor, mendingForText } = useText('common');
  const [{ for: named = '' }] = useQueryParams();
  const { data: accounts = [] } = useQuery({ ...accountSuggestionsQuery(named), enabled: named !== '' });
  // A link from elsewhere may carry any text: only the name of an account is repeated.
  const username = accounts.find(({ value }) => value === named)?.value;
  if (username === undefined) return null;
  return (
    <ScopedNotification kind="info" actions={<CheckMended username={username} />}>
      <p>
        {mendingFor} <DataText text={username} />
      </p>
      <p>{mendingForText}</p>
    </ScopedNotification>
  );
}
