import type { OriginMove } from '@argus/contract/endpoints/connection/setup';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldMessages } from '../../../lib/field-messages.ts';
import { originOf } from './origin-of.ts';
import type { mailUrlMoveQuery } from './queries.ts';

type MoveQuery = ReturnType<typeof mailUrlMoveQuery>;

/** The save that waits in the dialog. */
export interface AskedMove<Body> {
  readonly body: Body;
  readonly from: string;
  readonly to: string;
  readonly query: MoveQuery;
}

/**
 * Saves through a dialog if an endpoint moves to another origin and something is at stake.
 * @param saved the URL of the saved record; undefined where there is none yet
 */
export function useOriginMove<Body>(options: {
  saved: string | undefined;
  urlOf: (body: Body) => string;
  query: (url: string) => MoveQuery;
}) {
  const { saved, urlOf, query } = options;
  const client = useQueryClient();
  const [asked, setAsked] = useState<AskedMove<Body>>();
  const look = useMutation({
    mutationFn: (body: Body) => client.fetchQuery({ ...query(urlOf(body)), staleTime: 0 }),
  });
  const ask = (body: Body) => {
    const url = urlOf(body);
    const from = saved ?? '';
    setAsked({ body, from: originOf(from) ?? from, to: originOf(url) ?? url, query: query(url) });
  };
  return {
    asked,
    looking: look.isPending,
    close: () => setAsked(undefined),
    /** Saves at once, or opens the dialog. */
    begin(body: Body, save: (body: Body) => void): void {
      if (saved === undefined || originOf(urlOf(body)) === originOf(saved)) {
        save(body);
        return;
      }
      look.mutate(body, {
        onSuccess: (move) => {
          if (isAtStake(move)) ask(body);
          else save(body);
        },
        onError: (error) => {
          // An invalid URL is reported together with the other fields' errors.
          if (Object.keys(fieldMessages(error)).length > 0) save(body);
          else ask(body);
        },
      });
    },
  };
}

function isAtStake({ moves, suspends, restores, needsPassword }: OriginMove): boolean {
  return moves && (suspends > 0 || restores > 0 || needsPassword);
}
