import { useText } from '../../i18n/text-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { DataText } from '../../ui/data-text.tsx';

/** Whose error it was by the name of that time, and what has become of the account: another name, or none. */
export function WhoseError(props: { username: string; accountId: string | null; presentUsername: string | null }) {
  const { username, accountId, presentUsername } = props;
  const words = useText('triage/log').board;
  return (
    <>
      <DataText text={username} />
      {presentUsername === null ? (
        accountId === null ? null : (
          <Badge>{words.deleted}</Badge>
        )
      ) : presentUsername === username ? null : (
        <span className="argus-cell-note">
          {words.nowNamed} <DataText text={presentUsername} />
        </span>
      )}
    </>
  );
}

/** The account whose error it was, as it is now; null where it is gone, or none is known. */
export function affectedAccount(of: { readonly accountId: string | null; readonly presentUsername: string | null }) {
  const { accountId, presentUsername } = of;
  return accountId === null || presentUsername === null ? null : { id: accountId, username: presentUsername };
}
