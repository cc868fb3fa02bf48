import { useQueryParams } from '../../../lib/query-params.ts';
import { formatQuery } from '../../../lib/query-text.ts';
import { pages } from '../../../pages.ts';

/** Returns the address of the errors under these filters, with the board unchanged. */
export function useEventsLink(): (filter: Readonly<Record<string, string>>) => string {
  const [{ window, area, mender, uncatalogued, cause }] = useQueryParams();
  return (filter) =>
    `${pages.errorEvents.path}${formatQuery({ window, area, mender, uncatalogued, cause, ...filter })}`;
}
