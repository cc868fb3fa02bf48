import { useQuery } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Card } from '../../../ui/card.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { TableFault } from '../../../ui/table-fault.tsx';
import { useAuditColumns } from './audit-events-view.tsx';
import { useErrorColumns } from './error-events.tsx';
import { auditEventsQuery, errorEventsQuery } from './queries.ts';

const shownEvents = 5;

/** The last errors that a user met. */
export function RecentErrors({ username }: { username: string }) {
  const words = useText('users').person;
  const query = useQuery(errorEventsQuery({ username, pageSize: shownEvents }));
  const columns = useErrorColumns();
  return (
    <Card
      title={words.errors}
      icon="utility:warning"
      flush
      footer={
        <AppLink to={`${pages.errorEvents.path}?${new URLSearchParams({ username })}`}>{words.openErrors}</AppLink>
      }
    >
      <TableFault query={query} />
      {query.data || !query.error ? (
        <DataTable
          caption={words.errors}
          columns={columns}
          rows={query.data?.items}
          rowKey={({ errorId }) => errorId}
          rowName={({ errorId }) => errorId}
          empty={<EmptyState icon="utility:success" title={words.noErrors} />}
        />
      ) : null}
    </Card>
  );
}

/** The last changes to a user's account, link and authorization. */
export function RecentChanges({ username }: { username: string }) {
  const words = useText('users').person;
  const query = useQuery(auditEventsQuery({ target: username, pageSize: shownEvents }));
  const columns = useAuditColumns();
  return (
    <Card
      title={words.changes}
      icon="utility:list"
      flush
      footer={
        <AppLink to={`${pages.auditEvents.path}?${new URLSearchParams({ target: username })}`}>
          {words.openChanges}
        </AppLink>
      }
    >
      <TableFault query={query} />
      {query.data || !query.error ? (
        <DataTable
          caption={words.changes}
          columns={columns}
          rows={query.data?.items}
          rowKey={({ id }) => id}
          rowName={({ action }) => action}
          empty={<EmptyState icon="utility:list" title={words.noChanges} />}
        />
      ) : null}
    </Card>
  );
}
