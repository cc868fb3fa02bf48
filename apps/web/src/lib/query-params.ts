import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type QueryParams = Readonly<Record<string, string | undefined>>;

/**
 * The query of the address as plain texts, and a function to change some of it (undefined or '' removes a name).
 * Filters, tabs and table pages are stored here, so that every state has a deep link. `replace` adds no history
 * entry. The scroll position stays, as only a part of the page changes.
 */
export function useQueryParams(): [QueryParams, (patch: QueryParams, options?: { replace?: boolean }) => void] {
  const params = useSearch({ strict: false }) as QueryParams;
  const navigate = useNavigate();
  const change = useCallback(
    (patch: QueryParams, { replace = false }: { replace?: boolean } = {}) => {
      const search = ((before: QueryParams) => ({ ...before, ...patch })) as never;
      void navigate({ to: '.', search, replace, resetScroll: false });
    },
    [navigate],
  );
  return [params, change];
}
