import type { ReplyOf } from '@argus/contract/endpoint-map';
import type { BoardWindow, ErrorCauseView } from '@argus/contract/endpoints/triage/board';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Fragment, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { ProblemError } from '../../../lib/api-client.ts';
import type { QueryParams } from '../../../lib/query-params.ts';
import { Button } from '../../../ui/button.tsx';
import { TableSkeleton } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterChips } from '../../../ui/filter-chips.tsx';
import { FilterSelect } from '../../../ui/filter-select.tsx';
import { NoMatch } from '../../../ui/no-match.tsx';
import { ScopedNotification } from '../../../ui/scoped-notification.tsx';
import { TableFault } from '../../../ui/table-fault.tsx';
import { boardWindows, type ErrorLogParams, noBoardFilters } from './board-params.ts';
import { CauseCard } from './cause-card.tsx';
import { CauseDetail } from './cause-detail.tsx';
import { causeGroups, groupOf } from './group-causes.ts';
import { errorCauseQuery } from './queries.ts';
import { type Distinction, tellApart } from './tell-apart.ts';

/** How many incidents are shown at first. */
const firstCauses = 10;

type Change = (patch: QueryParams, options?: { replace?: boolean }) => void;
type Board = ReplyOf<'GET /api/admin/error-causes'>;

/**
 * The triage board: incidents, those with the most users first. Window, filters and the open incident are in the
 * address.
 */
export function CauseBoard(props: { query: UseQueryResult<Board>; params: ErrorLogParams; change: Change }) {
  const { query, params, change } = props;
  const words = useText('triage/log').board;
  const language = useLanguage();
  const count = (value: number) => value.toLocaleString(language);
  const { items, total } = query.data ?? {};
  const filtered = Object.keys(params.filter).length > 0;
  return (
    <>
      <BoardFilters params={params} change={change} />
      <TableFault query={query} />
      {items === undefined && !query.error ? <TableSkeleton columns={3} /> : null}
      {items !== undefined && params.cause !== undefined && !items.some(({ id }) => id === params.cause) ? (
        <UnlistedCause id={params.cause} window={params.window} onClose={() => change({ cause: undefined })} />
      ) : null}
      {items?.length === 0 ? (
        <div className="argus-table-empty">
          {filtered ? (
            <NoMatch onClear={() => change(noBoardFilters)} />
          ) : (
            <EmptyState icon="utility:success" title={words.empty} text={words.emptyText} />
          )}
        </div>
      ) : null}
      {items && items.length > 0 ? (
        <CauseGroups items={items} stale={query.isPlaceholderData} params={params} change={change} />
      ) : null}
      {items && total !== undefined && total > items.length ? (
        <p className="argus-board__limited">{words.limited(count(items.length), count(total))}</p>
      ) : null}
    </>
  );
}

function BoardFilters({ params, change }: { params: ErrorLogParams; change: Change }) {
  const words = useText('triage/log').board;
  const { filters } = useText('controls');
  const catalogue = useText('triage/dictionary');
  const { mender: menderLabel, menders } = useText('common');
  return (
    <search className="argus-filters argus-board__filters" aria-label={`${words.title}：${filters}`}>
      <FilterChips
        label={words.window}
        options={boardWindows.map((value) => ({ value, label: words.windows[value] }))}
        value={params.window}
        onChange={(window) => change({ window: window === '24h' ? undefined : window })}
      />
      <FilterSelect
        label={catalogue.area}
        all={catalogue.allAreas}
        options={Object.entries(catalogue.areas).map(([value, label]) => ({ value, label }))}
        value={params.filter.area}
        onFilter={(area) => change({ area })}
      />
      <FilterSelect
        label={menderLabel}
        all={catalogue.allMenders}
        options={Object.entries(menders).map(([value, label]) => ({ value, label }))}
        value={params.filter.mender}
        onFilter={(mender) => change({ mender })}
      />
      <FilterSelect
        label={words.kind}
        all={words.allKinds}
        options={[{ value: 'true', label: words.uncatalogued }]}
        value={params.filter.uncatalogued === true ? 'true' : undefined}
        onFilter={(uncatalogued) => change({ uncatalogued })}
      />
    </search>
  );
}

interface ListProps {
  items: readonly ErrorCauseView[];
  stale: boolean;
  params: ErrorLogParams;
  change: Change;
}

/** What is open first; what has recovered, and what is about other providers, is folded. */
function CauseGroups({ items, ...rest }: ListProps) {
  const words = useText('triage/log').board;
  const language = useLanguage();
  const apart = tellApart(items);
  return causeGroups.map((group) => {
    const causes = items.filter((cause) => groupOf(cause) === group);
    const list = <CauseList {...rest} items={causes} apart={apart} label={words.groups[group]} />;
    if (group === 'open') return causes.length > 0 ? <Fragment key={group}>{list}</Fragment> : <AllWell key={group} />;
    if (causes.length === 0) return null;
    const isLinked = causes.some(({ id }) => id === rest.params.cause);
    return (
      <details key={group} className="argus-board-group" data-group={group} open={isLinked || undefined}>
        <summary>
          {words.groups[group]}{' '}
          <span className="argus-quiet">{words.count(causes.length.toLocaleString(language))}</span>
        </summary>
        {list}
      </details>
    );
  });
}

function AllWell() {
  const words = useText('triage/log').board;
  return (
    <div className="argus-table-empty">
      <EmptyState icon="utility:success" title={words.nothingOpen} />
    </div>
  );
}

function CauseList(props: ListProps & { apart: ReturnType<typeof tellApart>; label: string }) {
  const { items, stale, params, change, apart, label } = props;
  const words = useText('triage/log').board;
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const openAt = items.findIndex(({ id }) => id === params.cause);
  const shown = all || openAt >= firstCauses ? items : items.slice(0, firstCauses);
  const showAll = () => {
    flushSync(() => setAll(true));
    // The button is gone: the focus moves to the first incident that it added.
    list.current?.children[shown.length]?.querySelector('button')?.focus();
  };
  return (
    <>
      <ul ref={list} className="argus-board" aria-label={label} aria-busy={stale}>
        {shown.map((cause) => (
          <OpenableCause
            key={cause.id}
            cause={cause}
            window={params.window}
            apart={apart.get(cause.id)}
            open={cause.id === params.cause}
            change={change}
          />
        ))}
      </ul>
      {shown.length < items.length ? (
        <p className="argus-board__more">
          <Button onClick={showAll}>{words.more((items.length - shown.length).toLocaleString(language))}</Button>
        </p>
      ) : null}
    </>
  );
}

function OpenableCause(props: {
  cause: ErrorCauseView;
  window: BoardWindow;
  apart: readonly Distinction[] | undefined;
  open: boolean;
  change: Change;
}) {
  const { cause, window, apart, open, change } = props;
  // Another incident has other users, so their paging starts over.
  const toggle = () =>
    change({
      cause: open ? undefined : String(cause.id),
      'users-page': undefined,
      'users-after': undefined,
      'users-before': undefined,
    });
  return (
    <CauseCard
      cause={cause}
      window={window}
      apart={apart}
      detail={open ? <CauseDetail cause={cause} /> : null}
      onToggle={toggle}
    />
  );
}

/** The incident of a link, where window and filters exclude it. */
function UnlistedCause({ id, window, onClose }: { id: number; window: BoardWindow; onClose: () => void }) {
  const words = useText('triage/log');
  const cause = useQuery(errorCauseQuery(id, window));
  if (cause.error instanceof ProblemError && cause.error.problem.code === 'not_found') {
    return (
      <div className="argus-sheet__notices">
        <ScopedNotification kind="info">{words.errors.causeGone}</ScopedNotification>
      </div>
    );
  }
  if (!cause.data) return <TableFault query={cause} />;
  return (
    <>
      <p className="argus-board__unlisted">{words.board.notListed}</p>
      <ul className="argus-board" aria-label={words.errors.cause}>
        <CauseCard cause={cause.data} window={window} detail={<CauseDetail cause={cause.data} />} onToggle={onClose} />
      </ul>
    </>
  );
}
