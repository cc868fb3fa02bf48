import type { GuardedFetch } from '@argus/egress/guarded-fetch';
import type { Metrics } from './metrics.ts';

/** The egress, with the time of each call in the metrics. */
export function timedEgress(egress: GuardedFetch, metrics: Metrics): GuardedFetch {
  return {
    ...egress,
    fetch: (request) => {
      const host = URL.canParse(request.url) ? new URL(request.url).host : '';
      return metrics.upstream(
        host,
        () => egress.fetch(request),
        (reply) => reply.status,
      );
    },
  };
}
