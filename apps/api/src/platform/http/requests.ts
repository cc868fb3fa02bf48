import { fromAcceptLanguage, type Language } from '@argus/contract/language';
import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import SerializerCompiler from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';
import fp from 'fastify-plugin';
import { invalidFields } from '../problems/app-error.ts';

type CompilersFactory = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

interface RouteSchema {
  readonly httpPart?: string;
  readonly schema: unknown;
}
interface Validator {
  (data: unknown): boolean;
  errors?: unknown;
}
type RouteCompiler<T> = (route: RouteSchema) => T;

const buildCompiler = AjvCompiler();
const buildSerializers = SerializerCompiler();
// allErrors stays off: with it, one request with thousands of wrong properties causes thousands of errors.
const common = { removeAdditional: false, useDefaults: false, allErrors: false } as const;

/** Fastify reads what a validator refused from the function itself. */
function validatorOnFirstUse(compile: () => Validator): Validator {
  let compiled: Validator | undefined;
  const validator: Validator = (data) => {
    compiled ??= compile();
    const valid = compiled(data);
    validator.errors = compiled.errors;
    return valid;
  };
  return validator;
}

function serializerOnFirstUse(compile: () => (data: unknown) => string): (data: unknown) => string {
  let compiled: ((data: unknown) => string) | undefined;
  return (data) => {
    compiled ??= compile();
    return compiled(data);
  };
}

/**
 * How requests are validated and replies are written. JSON bodies are validated strictly, without coercion; parameters
 * and queries, which are always text, with it. Unknown properties are refused, never dropped.
 *
 * A schema is compiled when a request first needs it. Compiling all of them takes most of the time of building the app.
 */
export const schemaCompilers: CompilersFactory = {
  buildValidator: ((externalSchemas: Parameters<BuildCompilerFromPool>[0]) => {
    // The declared types say that the compilers take a schema; in fact they take Fastify's route definition.
    const build = (coercion: { coerceTypes: false | 'array'; strictNumbers: boolean }) =>
      buildCompiler(externalSchemas, {
        customOptions: { ...common, ...coercion },
      }) as unknown as RouteCompiler<Validator>;
    const strict = build({ coerceTypes: false, strictNumbers: true });
    // 1e309 becomes Infinity, which a strict Ajv does not compare with the maximum.
    const lenient = build({ coerceTypes: 'array', strictNumbers: false });
    return (route: RouteSchema) => validatorOnFirstUse(() => (route.httpPart === 'body' ? strict : lenient)(route));
  }) as unknown as BuildCompilerFromPool,
  buildSerializer: ((...options: Parameters<typeof buildSerializers>) => {
    const compile = buildSerializers(...options) as unknown as RouteCompiler<(data: unknown) => string>;
    return (route: RouteSchema) => serializerOnFirstUse(() => compile(route));
  }) as unknown as typeof buildSerializers,
};

/** The dotted names of the texts in a request that contain a NUL. Without recursion: a body may be deeply nested. */
function textsWithNul(parts: readonly unknown[]): string[] {
  const found: string[] = [];
  const pending = parts.map((value) => ({ value, name: '' }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, name } = next;
    if (typeof value === 'string' && value.includes('\0')) found.push(name);
    // Bytes are not text, and as an object they would be millions of properties.
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    for (const [key, inner] of Object.entries(value)) {
      pending.push({ value: inner, name: name === '' ? key : `${name}.${key}` });
    }
  }
  return found;
}

/** JSON only, no text that the database cannot store, and replies in the browser's language. */
export const requests = fp(async (app) => {
  // A form or a text/plain body needs no preflight, so a cross-site page could send it.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('viewer', null);
  app.decorateRequest('along', null);
  app.decorateRequest('attemptedAccountId', null);
  app.decorateRequest('problemCode', null);
  app.decorateRequest('language', 'ja' satisfies Language);
  app.addHook('onRequest', async (request, reply) => {
    // The same as `reqId` in the log and リクエストID in the error log.
    reply.header('x-request-id', request.id);
    request.language = fromAcceptLanguage(request.headers['accept-language']);
  });
  app.addHook('preHandler', async ({ params, query, body }) => {
    const fields = textsWithNul([params, query, body]);
    if (fields.length > 0) throw invalidFields(fields.map((field) => ({ field, code: 'control_characters' })));
  });
});
