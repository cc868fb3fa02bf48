import { formatQuery, useQueryParams } from '../../../lib/query-params.ts';

/** Gives the address of the errors that these filters leave, with the board below as it is now. */
export function useEventsLink(): (filter: Readonly<Record<string, string>>) => string {
  const [{ window, area, mender, uncatalogued, cause }] = useQueryParams();
  return (filter) => `/admin/error-events${formatQuery({ window, area, mender, uncatalogued, cause, ...filter })}`;
}
