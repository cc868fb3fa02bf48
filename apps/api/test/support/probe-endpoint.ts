import { type EndpointKey, endpointMap } from '@argus/contract/endpoint-map';
import type { Endpoint } from '@argus/contract/endpoints/endpoint';
import { causeOf } from '@argus/contract/errors/public-code';
import type { Browser, Reply } from './build-app.ts';

/** An id that nothing has. */
export const unknownId = '01890000-0000-7000-8000-000000000000';

export const declared = (key: EndpointKey): Endpoint => endpointMap[key];

interface PropertySchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly const?: string }[];
}
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

/** A value that fits a schema, and names nothing that exists. */
function strange({ type, enum: choices, anyOf }: PropertySchema = {}): string {
  return choices?.[0] ?? anyOf?.[0]?.const ?? (type === 'integer' ? '999999' : unknownId);
}

/** A probe of an endpoint: with unknown ids, the required query parameters and, where it takes a body, an empty one. */
export function probeOf(key: EndpointKey): { method: string; path: string; body?: object } {
  const [method = '', template = ''] = key.split(' ');
  const { params, query, body, consumes } = declared(key);
  const path = template.replaceAll(/:(\w+)/g, (_, name: string) =>
    strange((params as ObjectSchema).properties?.[name]),
  );
  const { required = [], properties = {} } = (query ?? {}) as ObjectSchema;
  const search = new URLSearchParams(required.map((name): [string, string] => [name, strange(properties[name])]));
  return {
    method,
    path: search.size > 0 ? `${path}?${search}` : path,
    ...(body ? { body: {} } : consumes ? { body: new Uint8Array([1]) } : {}),
  };
}

/** Calls an endpoint with {@link probeOf} and a valid CSRF token. */
export async function probe(browser: Browser, key: EndpointKey): Promise<Reply> {
  const { method, path, body } = probeOf(key);
  const { csrfToken } = (await browser.send('GET', '/api/session')).body as { csrfToken: string };
  return browser.send(method, path, { headers: { 'x-csrf-token': csrfToken }, ...(body ? { body } : {}) });
}

/** The status of such a probe for a caller with access. */
export function admitted(key: EndpointKey): number {
  if (declared(key).body) return 400;
  if (/\/:(id|code)/.test(key)) return 404;
  // Nobody who probes is linked to a Microsoft account.
  if (declared(key).errors?.some((code) => causeOf(code) === 'not_linked')) return 409;
  return Number(Object.keys(declared(key).replies)[0]);
}
