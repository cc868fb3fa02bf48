import type { ReplyOf } from '@argus/contract/endpoint-map';
import { present } from '@argus/fields/present';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import { TableFault } from '../../ui/table-fault.tsx';
import '../../styles/doctor.css';
import { latestRunsQuery } from './queries.ts';

type RunItem = ReplyOf<'GET /api/admin/doctor-runs'>['items'][number];

/** The address of a run. */
function runPath({ id, presentUsername }: Pick<RunItem, 'id' | 'presentUsername'>): string {
  const username = presentUsername ?? undefined;
  return `${pages.diagnosis.path}?${new URLSearchParams({ ...present({ username }), run: id })}`;
}

/** これまでの診断, by anybody; of one user if one is chosen. */
export function LatestRuns({ username, shown }: { username: string | undefined; shown: string | undefined }) {
  const words = useText('diagnosis/doctor').latest;
  const latest = useQuery(latestRunsQuery(username));
  const columns = useRunColumns(shown);
  const items = latest.data?.items;
  return (
    <section className="argus-sheet" aria-labelledby="latest-runs">
      <div className="argus-run__latest-head">
        <h2 id="latest-runs" className="argus-run__title">
          <bdi className="argus-data">{username === undefined ? words.title : words.titleOf(username)}</bdi>
        </h2>
        {username === undefined ? null : <AppLink to={pages.diagnosis.path}>{words.everybody}</AppLink>}
      </div>
      <TableFault query={latest} />
      {items || !latest.error ? (
        <DataTable
          caption={words.title}
          columns={columns}
          rows={items}
          rowKey={({ id }) => id}
          rowName={({ startedAt }) => startedAt}
          empty={<EmptyState icon="utility:record_lookup" title={words.empty} text={words.emptyText} />}
        />
      ) : null}
    </section>
  );
}

function useRunColumns(shown: string | undefined): Column<RunItem>[] {
  const words = useText('diagnosis/doctor');
  return [
    {
      key: 'startedAt',
      header: words.latest.startedAt,
      width: 20,
      cell: (run) => (
        <AppLink to={runPath(run)} aria-current={run.id === shown ? 'true' : undefined}>
          <ExactTime at={run.startedAt} />
        </AppLink>
      ),
    },
    {
      key: 'target',
      header: words.latest.target,
      width: 28,
      cell: ({ username }) =>
        username === null ? (
          <span className="argus-quiet">{words.result.configuration}</span>
        ) : (
          <DataText text={username} />
        ),
    },
    { key: 'result', header: words.latest.result, width: 30, cell: (run) => <Outcome run={run} /> },
    { key: 'startedBy', header: words.latest.startedBy, cell: ({ startedBy }) => <DataText text={startedBy} /> },
  ];
}

function Outcome({ run: { state, firstFailure } }: { run: RunItem }) {
  const words = useText('diagnosis/doctor');
  if (state === 'running') return <Badge>{words.runStates.running}</Badge>;
  if (state === 'interrupted') return <Badge kind="warning">{words.runStates.interrupted}</Badge>;
  if (firstFailure === null) return <Badge kind="success">{words.latest.noFailure}</Badge>;
  return (
    <>
      <Badge kind="error">{words.states.failed}</Badge> {words.steps[firstFailure]}
    </>
  );
}
