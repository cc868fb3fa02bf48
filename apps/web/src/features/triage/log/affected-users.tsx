import type { AffectedUser } from '@argus/contract/endpoints/triage/board';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { AppLink } from '../../../ui/app-link.tsx';
import { Badge } from '../../../ui/badge.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeysetTable } from '../../../ui/keyset-table.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { useTablePage } from '../../../ui/use-table-page.ts';
import { WhoseError } from '../whose-error.tsx';
import { affectedUsersQuery } from './queries.ts';
import { useEventsLink } from './use-events-link.ts';
import { UserLinks } from './user-links.tsx';

/** The users affected by an incident, latest first, and whether they have had a success since. */
export function AffectedUsers({ causeId }: { causeId: number }) {
  const words = useText('triage/log').board;
  const table = useTablePage({ prefix: 'users', size: 20 });
  const users = useQuery(affectedUsersQuery(causeId, { ...table.cursor, pageSize: table.pageSize }));
  const columns = useUserColumns(causeId);
  return (
    <div className="argus-cause__users">
      <KeysetTable
        table={table}
        query={users}
        caption={words.usersCaption}
        columns={columns}
        rowKey={({ accountId, username }) => accountId ?? username}
        rowName={({ username }) => username}
        empty={<EmptyState icon="utility:people" title={words.usersEmpty} />}
      />
    </div>
  );
}

function useUserColumns(causeId: number): Column<AffectedUser>[] {
  const log = useEventsLink();
  const words = useText('triage/log').board;
  return [
    {
      key: 'username',
      header: words.username,
      width: 32,
      cell: ({ username, accountId, presentUsername }) => (
        <WhoseError username={username} accountId={accountId} presentUsername={presentUsername} />
      ),
    },
    { key: 'events', header: words.times, width: 9, cell: ({ events }) => words.events(String(events)) },
    { key: 'lastAt', header: words.lastAt, width: 14, cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
    {
      key: 'lastSuccessAt',
      header: words.lastSuccess,
      width: 17,
      cell: ({ lastSuccessAt, lastAt }) =>
        lastSuccessAt === null ? (
          <span className="argus-quiet">{words.never}</span>
        ) : (
          <>
            <RelativeTime at={lastSuccessAt} />{' '}
            {Date.parse(lastSuccessAt) > Date.parse(lastAt) ? (
              <Badge kind="success">{words.recoveredUser}</Badge>
            ) : null}
          </>
        ),
    },
    {
      key: 'links',
      header: words.actions,
      cell: ({ username, presentUsername }) => (
        <UserLinks username={presentUsername}>
          <AppLink to={log({ causeId: String(causeId), username })}>{words.userEvents}</AppLink>
        </UserLinks>
      ),
    },
  ];
}
