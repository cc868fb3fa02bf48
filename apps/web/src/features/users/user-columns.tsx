import type { UserView } from '@argus/contract/endpoints/users/users';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { formatDay } from '../../lib/format-time.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** @param self the viewer's own id */
export function useUserColumns(self: string | undefined): Column<UserView>[] {
  const words = useText('users');
  const language = useLanguage();
  return [
    {
      key: 'displayName',
      header: words.displayName,
      width: 20,
      cell: ({ id, displayName }) => (
        <>
          <DataText text={displayName} />
          {id === self ? <Badge>{words.you}</Badge> : null}
        </>
      ),
    },
    { key: 'username', header: words.username, width: 26, cell: ({ username }) => <DataText text={username} /> },
    { key: 'role', header: words.role, width: 12, cell: ({ role }) => words.roles[role] },
    {
      key: 'status',
      header: words.status,
      width: 18,
      cell: ({ active, hasPassword, invitedUntil }) => (
        <span className="argus-badges">
          <Badge kind={active ? 'success' : 'neutral'}>{active ? words.active : words.inactive}</Badge>
          {invitedUntil !== null ? (
            <Badge>{words.invited(formatDay(Date.parse(invitedUntil), language))}</Badge>
          ) : active && !hasPassword ? (
            <Badge kind="warning">{words.noPassword}</Badge>
          ) : null}
        </span>
      ),
    },
    {
      key: 'lastSignInAt',
      header: words.lastSignIn,
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? <span className="argus-quiet">{words.never}</span> : <RelativeTime at={lastSignInAt} />,
    },
  ];
}
