import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** Routes that are asked every few seconds by machines. */
const probes = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One line for each request, at its end; probes are silent while they succeed. At debug level also one at its
 * beginning.
 */
export class AccessLog extends LogController {
  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    reply.log.debug({ req: request }, 'incoming request');
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    if (!error && reply.statusCode < 400 && probes.has(request.routeOptions.url ?? '')) return;
    super.requestCompleted(error, request, reply);
  }
}
