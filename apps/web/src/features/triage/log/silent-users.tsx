import type { SilentUser } from '@argus/contract/endpoints/triage/board';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Button } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { DataText } from '../../../ui/data-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterChips } from '../../../ui/filter-chips.tsx';
import { KeysetTable } from '../../../ui/keyset-table.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { useTablePage } from '../../../ui/use-table-page.ts';
import type { ErrorLogParams } from './board-params.ts';
import { silentUsersQuery } from './queries.ts';
import { UserLinks } from './user-links.tsx';

type Shown = NonNullable<ErrorLogParams['silent']>;

/** Authorized users without a success for too long: those who tried in vain, and those who did not open the portlet. */
export function SilentUsers(props: {
  shown: Shown;
  noSuccessHours: number | undefined;
  onShow: (shown: Shown | undefined) => void;
}) {
  const { shown, noSuccessHours, onShow } = props;
  const words = useText('triage/log').silent;
  const { all } = useText('controls');
  const table = useTablePage({ prefix: 'silent', size: 20 });
  const users = useQuery(
    silentUsersQuery({
      ...table.cursor,
      pageSize: table.pageSize,
      ...(shown === 'all' ? {} : { tried: shown === 'tried' }),
    }),
  );
  const columns = useSilentColumns();
  return (
    <section className="argus-sheet" aria-labelledby="silent-users">
      <header className="argus-sheet__head">
        <div>
          <h2 id="silent-users" className="argus-sheet__title">
            {words.title}
          </h2>
          {noSuccessHours ? <p className="argus-quiet">{words.note(String(noSuccessHours))}</p> : null}
        </div>
        <Button icon="utility:close" onClick={() => onShow(undefined)}>
          {words.close}
        </Button>
      </header>
      <div className="argus-toolbar">
        <FilterChips
          label={words.tried}
          all={all}
          options={(['tried', 'unopened'] as const).map((value) => ({ value, label: words.kinds[value] }))}
          value={shown === 'all' ? undefined : shown}
          onChange={(next) => onShow(next ?? 'all')}
        />
      </div>
      <KeysetTable
        table={table}
        query={users}
        caption={words.caption}
        columns={columns}
        rowKey={({ username }) => username}
        rowName={({ username }) => username}
        empty={<EmptyState icon="utility:success" title={words.empty} />}
      />
    </section>
  );
}

function useSilentColumns(): Column<SilentUser>[] {
  const words = useText('triage/log').silent;
  return [
    {
      key: 'username',
      header: words.username,
      width: 34,
      cell: ({ username, microsoftAccount }) => (
        <>
          <DataText text={username} />
          <span className="argus-cell-note">
            <DataText text={microsoftAccount} />
          </span>
        </>
      ),
    },
    {
      key: 'lastSuccessAt',
      header: words.lastSuccess,
      width: 16,
      cell: ({ lastSuccessAt }) =>
        lastSuccessAt === null ? (
          <span className="argus-quiet">{words.neverSince}</span>
        ) : (
          <RelativeTime at={lastSuccessAt} />
        ),
    },
    {
      key: 'lastError',
      header: words.lastError,
      width: 28,
      cell: ({ lastErrorAt, lastErrorCode }) =>
        lastErrorAt === null ? (
          <span className="argus-quiet">{words.notOpened}</span>
        ) : (
          <>
            <RelativeTime at={lastErrorAt} />
            {lastErrorCode === null ? null : (
              <span className="argus-cell-note argus-code">
                <AppLink to={`${pages.errorCatalogue.path}/${encodeURIComponent(lastErrorCode)}`}>
                  {lastErrorCode}
                </AppLink>
              </span>
            )}
          </>
        ),
    },
    { key: 'links', header: words.actions, cell: ({ username }) => <UserLinks username={username} /> },
  ];
}
