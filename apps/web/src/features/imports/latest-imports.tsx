import type { CsvImportState, CsvImportView, CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage, useText } from '../../i18n/text-context.tsx';
import { AppLink } from '../../ui/app-link.tsx';
import { Badge, type BadgeKind } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ExactTime } from '../../ui/exact-time.tsx';
import type { RowAction } from '../../ui/row-menu.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import { TableFault } from '../../ui/table-fault.tsx';
import { rowKinds } from './import-step.ts';
import { latestImportsQuery } from './queries.ts';
import { importPath } from './table-paths.ts';
import { UndoImport } from './undo-import.tsx';

const badges: Readonly<Record<CsvImportState, BadgeKind>> = {
  receiving: 'neutral',
  reading: 'neutral',
  refused: 'error',
  ready: 'warning',
  applying: 'neutral',
  applied: 'success',
  undoing: 'neutral',
  undone: 'neutral',
  failed: 'error',
  cancelled: 'neutral',
};

/** これまでの取込: of this table, by anybody. */
export function LatestImports({ table }: { table: CsvTable }) {
  const words = useText('csv').importing;
  const navigate = useNavigate();
  const latest = useQuery(latestImportsQuery(table));
  const [undoing, setUndoing] = useState<CsvImportView | null>(null);
  const columns = useLatestColumns();
  const items = latest.data?.items;
  const running = items?.find(({ state }) => state === 'applying' || state === 'undoing');
  const actionsOf = (view: CsvImportView): RowAction[] => [
    {
      text: words.open,
      icon: 'utility:right',
      onSelect: () => void navigate({ href: importPath(table, view.id) }),
    },
    ...(view.state === 'applied'
      ? [{ text: words.undo, icon: 'utility:undo', onSelect: () => setUndoing(view) } satisfies RowAction]
      : []),
  ];
  return (
    <section className="argus-sheet" aria-labelledby="latest-imports">
      <h2 id="latest-imports" className="argus-step__heading">
        {words.latest}
      </h2>
      {running ? (
        <div className="argus-sheet__notices">
          <ScopedNotification kind="info">
            <p>
              <bdi className="argus-data">{words.running(running.actorUsername, running.fileName)}</bdi>
            </p>
          </ScopedNotification>
        </div>
      ) : null}
      <TableFault query={latest} />
      {items || !latest.error ? (
        <DataTable
          caption={words.latest}
          wide
          columns={columns}
          rows={items}
          rowKey={({ id }) => String(id)}
          rowName={({ fileName }) => fileName}
          actions={actionsOf}
          empty={<EmptyState icon="utility:file" title={words.latestEmpty} />}
        />
      ) : null}
      {undoing ? (
        <UndoImport
          view={undoing}
          onDone={() => void navigate({ href: importPath(table, undoing.id) })}
          onClose={() => setUndoing(null)}
        />
      ) : null}
    </section>
  );
}

function useLatestColumns(): Column<CsvImportView>[] {
  const words = useText('csv').importing;
  return [
    {
      key: 'createdAt',
      header: words.at,
      width: 17,
      cell: ({ id, table, createdAt }) => (
        <AppLink to={importPath(table, id)}>
          <ExactTime at={createdAt} />
        </AppLink>
      ),
    },
    { key: 'fileName', header: words.file, width: 22, cell: ({ fileName }) => <DataText text={fileName} /> },
    { key: 'actor', header: words.actor, width: 19, cell: ({ actorUsername }) => <DataText text={actorUsername} /> },
    { key: 'result', header: words.result, width: 19, cell: ({ counts }) => <CountsLine counts={counts} /> },
    {
      key: 'state',
      header: words.state,
      cell: ({ state }) => <Badge kind={badges[state]}>{words.states[state]}</Badge>,
    },
  ];
}

function CountsLine({ counts }: Pick<CsvImportView, 'counts'>) {
  const words = useText('csv').importing;
  const language = useLanguage();
  const named = counts ? rowKinds.filter((kind) => counts[kind] > 0) : [];
  if (!counts || named.length === 0) return <span className="argus-quiet">–</span>;
  return named.map((kind) => words.kindOf(words.kinds[kind], counts[kind].toLocaleString(language))).join(' · ');
}
