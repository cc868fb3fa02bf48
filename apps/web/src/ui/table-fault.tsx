import type { UseQueryResult } from '@tanstack/react-query';
import { ErrorViewOf } from './error-view.tsx';

/** Why a table could not be loaded, above the previously loaded rows. */
export function TableFault({ query }: { query: UseQueryResult<unknown> }) {
  if (!query.error) return null;
  return <ErrorViewOf error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
}
