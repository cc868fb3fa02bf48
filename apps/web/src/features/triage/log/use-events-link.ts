import { formatQuery, useQueryParams } from '../../../lib/query-params.ts';
import { pages } from '../../../pages.ts';

/** Gives the address of the errors that these filters leave, with the board below as it is now. */
export function useEventsLink(): (filter: Readonly<Record<string, string>>) => string {
  const [{ window, area, mender, uncatalogued, cause }] = useQueryParams();
  return (filter) =>
    `${pages.errorEvents.path}${formatQuery({ window, area, mender, uncatalogued, cause, ...filter })}`;
}
