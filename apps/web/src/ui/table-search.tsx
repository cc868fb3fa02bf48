import { useCallback } from 'react';
import { SearchBox } from './search-box.tsx';
import type { TablePage } from './use-table-page.ts';

/** The search of a table, in the address as `q`. */
export function TableSearch({ table: { params, filter }, label }: { table: TablePage; label: string }) {
  const q = params.q ?? '';
  // Typing on refines the same search: one step back leaves it.
  const search = useCallback((text: string) => filter({ q: text }, { replace: q !== '' }), [filter, q]);
  return <SearchBox label={label} value={q} onSearch={search} />;
}
