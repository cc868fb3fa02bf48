import type { UserView } from '@argus/contract/endpoints/users/users';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Card } from '../../../ui/card.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import type { IconName } from '../../../ui/icon-names.ts';
import { TableFault } from '../../../ui/table-fault.tsx';
import { useAuditColumns } from './audit-events-view.tsx';
import { useErrorColumns } from './error-events.tsx';
import { auditEventsQuery, errorEventsQuery } from './queries.ts';

const shownEvents = 5;

/** Known by the id: the name may have been another's before. */
type Person = Pick<UserView, 'id' | 'username'>;

/** The last errors that a user met. */
export function RecentErrors({ id, username }: Person) {
  const words = useText('users').person;
  return (
    <Recent
      title={words.errors}
      icon="utility:warning"
      query={useQuery(errorEventsQuery({ accountId: id, pageSize: shownEvents }))}
      columns={useErrorColumns()}
      keyOf={({ errorId }) => errorId}
      none={<EmptyState icon="utility:success" title={words.noErrors} />}
      all={<AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ username })}`}>{words.openErrors}</AppLink>}
    />
  );
}

/** The last changes to a user's account, link and authorization. */
export function RecentChanges({ id, username }: Person) {
  const words = useText('users').person;
  const target = new URLSearchParams({ target: username });
  return (
    <Recent
      title={words.changes}
      icon="utility:list"
      query={useQuery(auditEventsQuery({ accountId: id, pageSize: shownEvents }))}
      columns={useAuditColumns()}
      keyOf={({ id }) => id}
      none={<EmptyState icon="utility:list" title={words.noChanges} />}
      all={<AppLink to={`${pages.auditEvents.path}?${target}`}>{words.openChanges}</AppLink>}
    />
  );
}

/** The first rows of a longer list, and the way to all of them. */
function Recent<Row>(props: {
  title: string;
  icon: IconName;
  query: UseQueryResult<{ readonly items: readonly Row[] }>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  none: ReactNode;
  all: ReactNode;
}) {
  const { title, icon, query, columns, keyOf, none, all } = props;
  return (
    <Card title={title} icon={icon} flush footer={all}>
      <TableFault query={query} />
      {query.data || !query.error ? (
        <DataTable
          caption={title}
          columns={columns}
          rows={query.data?.items}
          rowKey={keyOf}
          rowName={keyOf}
          empty={none}
        />
      ) : null}
    </Card>
  );
}
