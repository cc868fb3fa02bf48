import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type QueryParams = Readonly<Record<string, string | undefined>>;

/**
 * The query of the address as plain texts, and a way to change some of it (undefined or '' removes a name).
 * Filters, tabs and pages of tables live here, so that every state has a deep link. `replace` leaves no step in the history.
 * The page stays where it is scrolled to: what changes is a part of it.
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

/** `?a=1&b=x` as texts. */
export function parseQuery(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The reverse of parseQuery; names without a value are left out. */
export function formatQuery(params: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.size > 0 ? `?${search}` : '';
}
