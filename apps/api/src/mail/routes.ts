import type { FastifyInstance } from 'fastify';
import type { GraphServices } from '../connection/graph/call-graph.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { viewerOf } from '../platform/http/viewer.ts';
import { createArrivals } from './list-messages.ts';

export async function newArrivalsRoutes(app: FastifyInstance, services: GraphServices): Promise<void> {
  const listNewArrivals = createArrivals(services);

  endpoint(app, 'GET /api/new-arrivals', async ({ query, request }) => {
    const { list, error } = await listNewArrivals(viewerOf(request).id, query.refresh === true);
    // Microsoft may have been slow: a user who has signed out meanwhile gets no mail.
    await request.requireStanding();
    return error === null ? list : { ...list, problem: await request.reportProblem(error) };
  });
}
