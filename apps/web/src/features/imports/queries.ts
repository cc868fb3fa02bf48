import type { BodyOf } from '@argus/contract/endpoint-map';
import type { CsvImportView, CsvRowKind, CsvTable } from '@argus/contract/endpoints/imports/csv-imports';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, request } from '../../lib/api-client.ts';
import { isMoving } from './import-step.ts';
import { rowsPerPage } from './row-pages.ts';

const importsKey = ['csv-imports'] as const;
const importKey = (id: number) => [...importsKey, 'one', id] as const;

/** The state of an import. Polled while the server works on it and it is displayed. */
export const csvImportQuery = (id: number) =>
  queryOptions({
    queryKey: importKey(id),
    queryFn: ({ signal }) => request('GET /api/admin/csv-imports/:id', { params: { id }, signal }),
    // A lost connection may recover; what the API refused stays refused.
    refetchInterval: ({ state: { data, error } }) =>
      data && isMoving(data) && !(error instanceof ProblemError) ? 500 : false,
    staleTime: 0,
  });

/** これまでの取込 of a table, polled while one is active. */
export const latestImportsQuery = (table: CsvTable) =>
  queryOptions({
    queryKey: [...importsKey, 'latest', table],
    queryFn: ({ signal }) => request('GET /api/admin/csv-imports', { query: { table }, signal }),
    refetchInterval: ({ state: { data, error } }) =>
      data?.items.some(isMoving) && !(error instanceof ProblemError) ? 2000 : false,
    staleTime: 0,
  });

/** One page of the preview. A new plan has other rows. */
/** The same for as long as the file is read in this way. */
export const sharedFaultsQuery = ({ id, planVersion }: Pick<CsvImportView, 'id' | 'planVersion'>) =>
  queryOptions({
    queryKey: [...importsKey, 'shared-faults', id, planVersion],
    queryFn: ({ signal }) => request('GET /api/admin/csv-imports/:id/shared-faults', { params: { id }, signal }),
  });

export const csvRowsQuery = (
  { id, planVersion }: Pick<CsvImportView, 'id' | 'planVersion'>,
  query: { kind: CsvRowKind; after: number; disconnects: boolean },
) =>
  queryOptions({
    queryKey: [...importsKey, 'rows', id, planVersion, query],
    queryFn: ({ signal }) =>
      request('GET /api/admin/csv-imports/:id/rows', {
        params: { id },
        query: {
          kind: query.kind,
          after: query.after,
          pageSize: rowsPerPage,
          disconnects: query.disconnects || undefined,
        },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

/** Stores the state of an import that the API returned. */
function useNoteImport() {
  const queryClient = useQueryClient();
  return async (view: CsvImportView) => {
    // The answer to an earlier request must not overwrite this one.
    await queryClient.cancelQueries({ queryKey: importKey(view.id) });
    queryClient.setQueryData(importKey(view.id), view);
    void queryClient.invalidateQueries({ queryKey: [...importsKey, 'latest'] });
  };
}

/** Also after a refusal: somebody else may have taken a step. */
function useAskAgain(id: number) {
  const queryClient = useQueryClient();
  return () => void queryClient.invalidateQueries({ queryKey: importKey(id) });
}

export type ReadingOptions = BodyOf<'POST /api/admin/csv-imports/:id/read'>;

/** Reads the same file with these options. */
export function useReadImport(id: number) {
  return useMutation({
    mutationFn: (body: ReadingOptions) => request('POST /api/admin/csv-imports/:id/read', { params: { id }, body }),
    onSuccess: useNoteImport(),
    onError: useAskAgain(id),
  });
}

/** Executes the previewed plan. */
export function useApplyImport(id: number) {
  return useMutation({
    mutationFn: (body: BodyOf<'POST /api/admin/csv-imports/:id/apply'>) =>
      request('POST /api/admin/csv-imports/:id/apply', { params: { id }, body }),
    onSuccess: useNoteImport(),
    onError: useAskAgain(id),
  });
}

export function useUndoImport(id: number) {
  return useMutation({
    mutationFn: () => request('POST /api/admin/csv-imports/:id/undo', { params: { id } }),
    onSuccess: useNoteImport(),
    onError: useAskAgain(id),
  });
}

/** Undoes what nobody has changed since. */
export function useUndoRest(id: number) {
  return useMutation({
    mutationFn: () => request('POST /api/admin/csv-imports/:id/undo-rest', { params: { id } }),
    onSuccess: useNoteImport(),
    onError: useAskAgain(id),
  });
}

export function useCancelImport(id: number) {
  return useMutation({
    mutationFn: () => request('POST /api/admin/csv-imports/:id/cancel', { params: { id } }),
    onSuccess: useNoteImport(),
    onError: useAskAgain(id),
  });
}
