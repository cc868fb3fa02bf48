import type { Affected } from '@argus/contract/errors/mend-path';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useText } from '../i18n/text-context.tsx';
import { useQueryParams } from '../lib/query-params.ts';
import { pages } from '../pages.ts';
import { diagnosedAccountQuery, useStartRun } from '../queries/doctor-runs.ts';
import { Button } from './button.tsx';
import { DataText } from './data-text.tsx';
import { ErrorViewOf } from './error-view.tsx';
import { ScopedNotification } from './scoped-notification.tsx';

/** 「直ったか確認」: diagnoses the connection of the user whose error it was, and shows the run. */
export function CheckMended({ account: { id: accountId, username } }: { account: Affected }) {
  const { checkMended, checkingMended } = useText('common');
  const navigate = useNavigate();
  const { mutate, isPending, error } = useStartRun();
  const start = () =>
    mutate(
      { accountId },
      {
        onSuccess: ({ id }) => void navigate({ to: pages.diagnosis.path, search: { username, run: id } as never }),
      },
    );
  return (
    <>
      <Button icon="utility:check" busy={isPending} onClick={start}>
        {isPending ? checkingMended : checkMended}
      </Button>
      {error ? <ErrorViewOf error={error} /> : null}
    </>
  );
}

const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** On a screen that was opened to fix somebody's error: whose it was, and the check whether the fix helped. */
export function MendedFor() {
  const { mendingFor, mendingForText } = useText('common');
  const [{ for: named = '' }] = useQueryParams();
  // A link from elsewhere may carry any text: only an account that there is, is named.
  const { data: account } = useQuery({ ...diagnosedAccountQuery(named), enabled: isId.test(named) });
  if (account === undefined) return null;
  return (
    <ScopedNotification kind="info" actions={<CheckMended account={account} />}>
      <p>
        {mendingFor} <DataText text={account.username} />
      </p>
      <p>{mendingForText}</p>
    </ScopedNotification>
  );
}
