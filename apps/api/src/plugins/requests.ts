import { fromAcceptLanguage, type Language } from '@argus/contract/language';
import AjvCompiler from '@fastify/ajv-compiler';
import type { FastifyServerOptions } from 'fastify';
import fp from 'fastify-plugin';

const buildCompiler = AjvCompiler();

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;
type BuildValidator = NonNullable<CompilersFactory['buildValidator']>;

/**
 * How requests are validated: JSON bodies strictly, without coercion; parameters and queries, which are always text,
 * with it. Unknown properties are refused, never dropped.
 */
export const requestValidation: CompilersFactory = {
  buildValidator: ((externalSchemas, options) => {
    const common = { removeAdditional: false, useDefaults: false } as const;
    const strict = buildCompiler(externalSchemas, { ...options, customOptions: { ...common, coerceTypes: false } });
    const lenient = buildCompiler(externalSchemas, { ...options, customOptions: { ...common, coerceTypes: 'array' } });
    return (route) => (route.httpPart === 'body' ? strict : lenient)(route);
  }) satisfies BuildValidator,
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
