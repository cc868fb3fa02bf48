import type { QueryOf } from '@argus/contract/endpoint-map';
import type { BoardWindow } from '@argus/contract/endpoints/triage/board';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import { menders } from '@argus/contract/errors/labels';
import { present } from '@argus/fields/present';
import type { QueryParams } from '../../../lib/query-params.ts';
import { fromLocalTime } from '../../../ui/local-time.ts';

export const boardWindows: readonly BoardWindow[] = ['24h', '7d', '30d'];

/** The state of エラーログ in the address. Invalid values are ignored. */
export interface ErrorLogParams {
  readonly window: BoardWindow;
  readonly filter: Pick<QueryOf<'GET /api/admin/error-causes'>, 'area' | 'mender' | 'uncatalogued'>;
  /** The incident that is open on the board. */
  readonly cause: number | undefined;
  /** The filter of the listed events. */
  readonly events: Omit<QueryOf<'GET /api/admin/error-events'>, 'after' | 'before' | 'pageSize'>;
  /** Whether the board is shown: a search for specific errors hides it by default. */
  readonly boardOpen: boolean;
  /** Which users without success are listed; undefined: none. */
  readonly silent: 'all' | 'tried' | 'unopened' | undefined;
}

/** Removes all filters of the events, by their names in the address. */
export const noEventFilters = {
  errorId: undefined,
  username: undefined,
  code: undefined,
  causeId: undefined,
  from: undefined,
  to: undefined,
} as const;
export const noBoardFilters = { area: undefined, mender: undefined, uncatalogued: undefined } as const;

export function readErrorLogParams(params: QueryParams): ErrorLogParams {
  const errorId = findErrorId(params.errorId ?? '');
  const from = fromLocalTime(params.from ?? '');
  const to = fromLocalTime(params.to ?? '');
  const causeId = readId(params.causeId);
  const mender = menders.find((each) => each === params.mender);
  const events = {
    ...(errorId ? { errorId } : {}),
    ...(params.username ? { username: params.username } : {}),
    ...(params.code ? { code: params.code } : {}),
    ...present({ causeId }),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
  return {
    window: boardWindows.find((each) => each === params.window) ?? '24h',
    filter: {
      ...(params.area ? { area: params.area } : {}),
      ...(mender ? { mender } : {}),
      ...(params.uncatalogued === 'true' ? { uncatalogued: true } : {}),
    },
    cause: readId(params.cause),
    events,
    boardOpen: params.board === undefined ? Object.keys(events).length === 0 : params.board === 'open',
    silent: (['all', 'tried', 'unopened'] as const).find((each) => each === params.silent),
  };
}

/** The number of an incident: a positive 32-bit integer. */
function readId(text: string | undefined): number | undefined {
  const id = /^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return id <= 2_147_483_647 ? id : undefined;
}
