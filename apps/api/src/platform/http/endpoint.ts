import {
  type BodyOf,
  type EndpointKey,
  endpointMap,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
} from '@argus/contract/endpoint-map';
import type { Access, Endpoint } from '@argus/contract/endpoints/endpoint';
import { present } from '@argus/fields/present';
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this endpoint, as the contract declares it. */
    access?: Access;
  }
}

/** The input of an endpoint's handler, validated by the contract's schemas. */
export interface EndpointInput<K extends EndpointKey> {
  readonly params: ParamsOf<K>;
  readonly query: QueryOf<K>;
  readonly body: BodyOf<K>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Registers the endpoint that the contract declares under `key` with its schemas; the handler returns the reply's body, or sends the reply. */
export function endpoint<K extends EndpointKey>(
  app: FastifyInstance,
  key: K,
  handler: (input: EndpointInput<K>) => Promise<ReplyOf<K> | FastifyReply>,
  { alongside }: Pick<FastifyContextConfig, 'alongside'> = {},
): void {
  const declared: Endpoint = endpointMap[key];
  const [method = '', url = ''] = key.split(' ');
  const status = Number(Object.keys(declared.replies)[0]);
  app.route({
    method: method as HTTPMethods,
    url,
    // The audit log would have an export that nobody received.
    exposeHeadRoute: declared.audit === undefined,
    config: { access: declared.access, ...present({ alongside }) },
    schema: {
      summary: declared.summary,
      ...(declared.errors ? { description: `Problem codes of its own: ${declared.errors.join(', ')}.` } : {}),
      tags: [declared.tag],
      ...(declared.params ? { params: declared.params } : {}),
      ...(declared.query ? { querystring: declared.query } : {}),
      ...(declared.body ? { body: declared.body } : {}),
      response: declared.replies,
    },
    handler: async (request, reply) => {
      const result = await handler({
        params: request.params as ParamsOf<K>,
        query: request.query as QueryOf<K>,
        body: request.body as BodyOf<K>,
        request,
        reply,
      });
      // A handler that has sent its reply has chosen its status, too.
      if (result === reply) return reply;
      reply.code(status);
      return status === 204 ? reply.send() : result;
    },
  });
}
