import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import { fromAcceptLanguage, type Language } from '@argus/contract/language';
import type { FastifyServerOptions } from 'fastify';
import fp from 'fastify-plugin';

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

interface RouteSchema {
  readonly httpPart?: string;
  readonly schema: unknown;
}
type RouteCompiler = (route: RouteSchema) => unknown;

const buildCompiler = AjvCompiler();
// allErrors stays off: with it, one request with thousands of wrong properties costs thousands of errors.
const common = { removeAdditional: false, useDefaults: false, allErrors: false } as const;

/**
 * How requests are validated: JSON bodies strictly, without coercion; parameters and queries, which are always text,
 * with it. Unknown properties are refused, never dropped.
 */
export const requestValidation: CompilersFactory = {
  buildValidator: ((externalSchemas: Parameters<BuildCompilerFromPool>[0]) => {
    // The declared types say that the compilers take a schema; what they take is Fastify's route definition.
    const build = (coerceTypes: false | 'array') =>
      buildCompiler(externalSchemas, { customOptions: { ...common, coerceTypes } }) as unknown as RouteCompiler;
    const strict = build(false);
    const lenient = build('array');
    return (route: RouteSchema) => (route.httpPart === 'body' ? strict : lenient)(route);
  }) as unknown as BuildCompilerFromPool,
};

/** JSON only, and the language of replies as the browser says. */
export const requests = fp(async (app) => {
  // A form or a text/plain body needs no preflight, so a cross-site page could send it.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('viewer', null);
  app.decorateRequest('language', 'ja' satisfies Language);
  app.addHook('onRequest', async (request) => {
    request.language = fromAcceptLanguage(request.headers['accept-language']);
  });
});
