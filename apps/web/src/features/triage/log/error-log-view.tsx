import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useLanguage, useText } from '../../../i18n/text-context.tsx';
import { type QueryParams, useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';
import { Icon } from '../../../ui/icon.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { SkeletonLines } from '../../../ui/skeleton.tsx';
import '../../../styles/admin-sheet.css';
import '../../../styles/error-log.css';
import { readErrorLogParams } from './board-params.ts';
import { CauseBoard } from './cause-board.tsx';
import { ErrorEvents } from './error-events.tsx';
import { isOpenCause } from './group-causes.ts';
import { OverallState } from './overall-state.tsx';
import { errorCausesQuery } from './queries.ts';
import { SilentUsers } from './silent-users.tsx';
import { useArrival } from './use-arrival.ts';

/** エラーログ: the state of the connection, the incidents, and below them the single errors. */
export function ErrorLogView() {
  const words = useText('triage/log');
  const language = useLanguage();
  const [query, change] = useQueryParams();
  const params = readErrorLogParams(query);
  const board = useQuery(errorCausesQuery({ window: params.window, ...params.filter }));
  const { boardOpen } = params;
  const toggle = useCallback(() => change({ board: boardOpen ? 'closed' : 'open' }), [boardOpen, change]);
  const showSilent = (silent: QueryParams[string]) =>
    change({ silent, 'silent-page': undefined, 'silent-after': undefined, 'silent-before': undefined });
  const total = board.data?.total;
  const boardSettled = board.data !== undefined || board.error !== null;
  // If the address also opens an error further down, that is what the link is for.
  useArrival((query.open ?? query.errorId) ? undefined : query.cause, causeCard, boardSettled);
  return (
    <>
      <PageHeader title={words.errors.title} icon={pages.errorEvents.icon} note={words.errors.note} />
      {board.data || board.error ? null : <SkeletonLines lines={1} />}
      {board.data ? (
        <OverallState
          overall={board.data.overall}
          hasOpenCauses={board.data.items.some(isOpenCause)}
          onSilentUsers={() => showSilent('all')}
        />
      ) : null}
      {params.silent ? (
        <SilentUsers
          shown={params.silent}
          noSuccessHours={board.data?.overall.noSuccessHours}
          onShow={(shown) => showSilent(shown)}
        />
      ) : null}
      <section className="argus-sheet" aria-labelledby="error-causes">
        <header className="argus-sheet__head">
          <div>
            <h2 id="error-causes" className="argus-sheet__title">
              <button type="button" className="argus-sheet__fold" aria-expanded={boardOpen} onClick={toggle}>
                <Icon
                  name={boardOpen ? 'utility:chevrondown' : 'utility:chevronright'}
                  size="xx-small"
                  tone="current"
                />
                {words.board.title}
              </button>
            </h2>
            {boardOpen ? <p className="argus-quiet">{words.board.caption}</p> : null}
          </div>
          {total === undefined ? null : (
            <p className="argus-quiet">{words.board.count(total.toLocaleString(language))}</p>
          )}
        </header>
        {boardOpen ? <CauseBoard query={board} params={params} change={change} /> : null}
      </section>
      <ErrorEvents filter={params.events} settled={boardSettled} />
    </>
  );
}

function causeCard(id: string): Element | null {
  return document.querySelector(`[data-cause="${CSS.escape(id)}"]`);
}
