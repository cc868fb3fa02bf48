import type { NewArrivals } from '@argus/contract/endpoints/mail';
import type { FastifyInstance } from 'fastify';
import type { GraphServices } from '../connection/graph/call-graph.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { listBytes, sendList } from './list-bytes.ts';
import { createArrivals } from './list-messages.ts';
import { createWarmList } from './warm-list.ts';

export async function newArrivalsRoutes(app: FastifyInstance, services: GraphServices): Promise<void> {
  const listNewArrivals = createArrivals(services);
  const warmList = createWarmList(services);

  endpoint(
    app,
    'GET /api/new-arrivals',
    async ({ query, request, reply }) => {
      const { id } = viewerOf(request);
      const refresh = query.refresh === true;
      const serialize = (list: NewArrivals) => reply.getSerializationFunction('200')?.(list) ?? JSON.stringify(list);
      // First of all, while what was read alongside the session is still true.
      const warm = request.along && warmList.find(id, request.along, { refresh, serialize });
      if (warm) return sendList(request, reply, warm);
      const { list, error } = await listNewArrivals(id, refresh);
      // Microsoft may have been slow: a user who has signed out meanwhile gets no mail.
      await request.requireStanding();
      if (error === null) return sendList(request, reply, listBytes(serialize(list)));
      return { ...list, problem: await request.reportProblem(error) };
    },
    warmList,
  );
}
