import type { CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { QueryPage } from '../../ui/query-page.tsx';
import { ImportFrame } from './import-frame.tsx';
import { ImportStage } from './import-stage.tsx';
import { stepOf } from './import-step.ts';
import { NewImport } from './new-import.tsx';
import { csvImportQuery } from './queries.ts';
import { importPath } from './table-paths.ts';

/** CSV取込 of アカウント情報 */
export function AccountLinksImportView() {
  return <CsvImportView table="account_links" />;
}

/** CSV取込 of 利用者 */
export function UsersImportView() {
  return <CsvImportView table="users" />;
}

function CsvImportView({ table }: { table: CsvTable }) {
  const { id } = useParams({ strict: false });
  if (id === undefined) return <NewImport table={table} />;
  if (!/^[1-9]\d{0,8}$/.test(id)) return <Navigate to={importPath(table)} replace />;
  return <ExistingImport key={id} table={table} id={Number(id)} />;
}

function ExistingImport({ table, id }: { table: CsvTable; id: number }) {
  const query = useQuery(csvImportQuery(id));
  const view = query.data;
  // The address was edited by hand.
  if (view && view.table !== table) return <Navigate to={importPath(view.table, id)} replace />;
  return (
    <ImportFrame table={table} step={view ? stepOf(view) : query.error ? 'file' : 'review'}>
      <QueryPage query={query}>{(data) => <ImportStage view={data} />}</QueryPage>
    </ImportFrame>
  );
}
