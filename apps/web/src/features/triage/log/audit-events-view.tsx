import type { AuditAction } from '@argus/contract/audit-actions';
import { auditFieldName, auditValueName } from '@argus/contract/audit-labels';
import type { AuditEventView } from '@argus/contract/endpoints/triage/log';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { CsvExport } from '../../../ui/csv-export.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ExactTime } from '../../../ui/exact-time.tsx';
import { FilterInput } from '../../../ui/filter-input.tsx';
import { FilterPeriod } from '../../../ui/filter-period.tsx';
import { FilterSelect } from '../../../ui/filter-select.tsx';
import { fromLocalTime } from '../../../ui/local-time.ts';
import { NoMatch } from '../../../ui/no-match.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { Pagination } from '../../../ui/pagination.tsx';
import { TableFault } from '../../../ui/table-fault.tsx';
import { type TablePage, useTablePage } from '../../../ui/use-table-page.ts';
import { auditEventsQuery } from './queries.ts';

/** Actions by people who are not signed in. Where such events are too many, they share one without an address. */
const beforeSignIn: ReadonlySet<string> = new Set<AuditAction>([
  'sign_in_failed',
  'sign_in_blocked',
  'invitation_failed',
  'first_admin_failed',
]);

const noFilters = { username: undefined, target: undefined, action: undefined, from: undefined, to: undefined };

/** 監査ログ: filters and page are in the address. */
export function AuditEventsView() {
  const words = useText('triage/log').audit;
  const table = useTablePage();
  const { params, filter } = table;
  const from = fromLocalTime(params.from ?? '');
  const to = fromLocalTime(params.to ?? '');
  const { username, target, action } = params;
  const shown = present({ username, target, action, from, to });
  const events = useQuery(
    auditEventsQuery({
      page: table.page,
      pageSize: table.pageSize,
      ...shown,
    }),
  );
  const columns = useAuditColumns();
  const filtered = Object.keys(noFilters).some((name) => params[name] !== undefined);
  return (
    <>
      <PageHeader
        title={words.title}
        icon={pages.auditEvents.icon}
        note={words.note}
        actions={<CsvExport source={{ table: 'audit_events', filter: shown }} />}
      />
      <div className="argus-sheet">
        <AuditFilters table={table} />
        <TableFault query={events} />
        {events.data || !events.error ? (
          <DataTable
            caption={words.caption}
            columns={columns}
            rows={events.data?.items}
            rowKey={({ id }) => id}
            rowName={({ action }) => action}
            stale={events.isPlaceholderData}
            empty={
              filtered ? (
                <NoMatch onClear={() => filter(noFilters)} />
              ) : (
                <EmptyState icon="utility:list" title={words.empty} />
              )
            }
          />
        ) : null}
        {events.data ? <Pagination table={table} total={events.data.total} stale={events.isPlaceholderData} /> : null}
      </div>
    </>
  );
}

function AuditFilters({ table }: { table: TablePage }) {
  const words = useText('triage/log').audit;
  const controls = useText('controls');
  const { params, filter } = table;
  return (
    <search className="argus-filters" aria-label={controls.filters}>
      <FilterInput
        label={words.actor}
        value={params.username ?? ''}
        onFilter={(username) => filter({ username: username.trim() })}
        placeholder={words.actorHelp}
        maxLength={320}
      />
      <FilterInput
        label={words.target}
        value={params.target ?? ''}
        onFilter={(target) => filter({ target: target.trim() })}
        placeholder={words.targetHelp}
        maxLength={320}
      />
      <FilterSelect
        label={words.action}
        all={words.allActions}
        options={Object.entries(words.actions).map(([value, label]) => ({ value, label }))}
        value={params.action}
        onFilter={(action) => filter({ action })}
      />
      <FilterPeriod table={table} />
    </search>
  );
}

export function useAuditColumns(): Column<AuditEventView>[] {
  const words = useText('triage/log').audit;
  const language = useLanguage();
  return [
    {
      key: 'action',
      header: words.action,
      width: 18,
      cell: ({ action, count }) => (
        <>
          {/* An action from a newer API is shown by its name. */}
          {words.actions[action as AuditAction] ?? action}
          {count === 1 ? null : <span className="argus-cell-note">{words.times(count.toLocaleString(language))}</span>}
        </>
      ),
    },
    { key: 'occurredAt', header: words.occurredAt, width: 15, cell: ({ occurredAt }) => <ExactTime at={occurredAt} /> },
    {
      key: 'actor',
      header: words.actor,
      width: 18,
      cell: ({ action, actorUsername, address }) => {
        const isBeforeSignIn = beforeSignIn.has(action);
        const note = address ?? (isBeforeSignIn ? words.manyAddresses : null);
        return (
          <>
            {actorUsername === null ? (
              <span className="argus-quiet">{isBeforeSignIn ? words.nobody : words.system}</span>
            ) : (
              <DataText text={actorUsername} />
            )}
            {note === null ? null : <span className="argus-cell-note">{note}</span>}
          </>
        );
      },
    },
    {
      key: 'target',
      header: words.target,
      width: 17,
      cell: ({ targetName }) =>
        targetName === null ? <span className="argus-quiet">–</span> : <DataText text={targetName} />,
    },
    {
      key: 'changes',
      header: words.changes,
      cell: ({ action, changes }) => <Changes action={action} changes={changes} />,
    },
  ];
}

/** Each field with its old and new value. A secret has neither. */
function Changes({ action, changes }: Pick<AuditEventView, 'action' | 'changes'>) {
  const words = useText('triage/log').audit;
  const language = useLanguage();
  if (changes.length === 0) return <span className="argus-quiet">–</span>;
  return (
    <dl className="argus-changes">
      {changes.map(({ field, from, to }) => (
        <div key={field}>
          <dt>{auditFieldName(action, field, language)}</dt>
          {isHidden(from) && isHidden(to) ? (
            <dd className="argus-quiet">{words.changed}</dd>
          ) : (
            <dd>
              {from === null ? null : (
                <>
                  <span className="slds-assistive-text">{words.from}: </span>
                  <del>
                    <Value text={from} field={field} />
                  </del>{' '}
                </>
              )}
              <span aria-hidden="true">→ </span>
              <span className="slds-assistive-text">{words.to}: </span>
              <Value text={to ?? ''} field={field} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** A value that the API hides: omitted, or replaced by dots. */
function isHidden(value: string | null): boolean {
  return value === null || /^•+$/.test(value);
}

function Value({ text, field }: { text: string; field: string }) {
  const words = useText('triage/log').audit;
  const language = useLanguage();
  if (text === '') return <span className="argus-quiet">{words.emptyValue}</span>;
  const named = auditValueName(field, text, language);
  return named === undefined ? <DataText text={text} /> : named;
}
