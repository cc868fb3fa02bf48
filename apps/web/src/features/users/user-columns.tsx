import type { UserView } from '@argus/contract/endpoints/users/users';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatDay } from '../../lib/format-time.ts';
import { personPath } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** Active or not, and what is still missing before this user can sign in. */
export function UserStatus({ user: { active, hasPassword, invitedUntil } }: { user: UserView }) {
  const words = useText('users');
  const language = useLanguage();
  return (
    <span className="argus-badges">
      <Badge kind={active ? 'success' : 'neutral'}>{active ? words.active : words.inactive}</Badge>
      {invitedUntil !== null ? (
        <Badge>{words.invited(formatDay(Date.parse(invitedUntil), language))}</Badge>
      ) : active && !hasPassword ? (
        <Badge kind="warning">{words.noPassword}</Badge>
      ) : null}
    </span>
  );
}

/** @param self the viewer's own id */
export function useUserColumns(self: string | undefined): Column<UserView>[] {
  const words = useText('users');
  return [
    {
      key: 'displayName',
      header: words.displayName,
      sort: 'displayName',
      width: 20,
      cell: ({ id, displayName, reading }) => (
        <>
          <AppLink to={personPath(id)}>
            <DataText text={displayName} />
          </AppLink>
          {reading === '' ? null : (
            <span className="argus-cell-note">
              <DataText text={reading} />
            </span>
          )}
          {id === self ? <Badge>{words.you}</Badge> : null}
        </>
      ),
    },
    {
      key: 'username',
      header: words.username,
      sort: 'username',
      width: 26,
      cell: ({ username }) => <DataText text={username} />,
    },
    { key: 'role', header: words.role, sort: 'role', width: 12, cell: ({ role }) => words.roles[role] },
    {
      key: 'status',
      header: words.status,
      sort: 'status',
      width: 18,
      cell: (user) => <UserStatus user={user} />,
    },
    {
      key: 'lastSignInAt',
      header: words.lastSignIn,
      sort: 'lastSignInAt',
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? <span className="argus-quiet">{words.never}</span> : <RelativeTime at={lastSignInAt} />,
    },
  ];
}
