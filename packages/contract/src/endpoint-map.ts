import type { Static, TSchema } from 'typebox';
import { accountLinkEndpoints } from './endpoints/account-links.ts';
import { authorizationEndpoints } from './endpoints/authorization.ts';
import { catalogueEndpoints } from './endpoints/catalogue.ts';
import { csvExportEndpoints } from './endpoints/csv-exports.ts';
import { csvImportEndpoints } from './endpoints/csv-imports.ts';
import { diagnosisEndpoints } from './endpoints/diagnosis.ts';
import { invitationEndpoints } from './endpoints/invitations.ts';
import { logEndpoints } from './endpoints/logs.ts';
import { newArrivalsEndpoints } from './endpoints/new-arrivals.ts';
import { setupEndpoints } from './endpoints/setup.ts';
import { signInEndpoints } from './endpoints/sign-in.ts';
import { triageEndpoints } from './endpoints/triage.ts';
import { userEndpoints } from './endpoints/users.ts';

/** Every endpoint of the API by "METHOD /path". The web takes only the types of it, so that no schema is shipped to browsers. */
export const endpointMap = {
  ...signInEndpoints,
  ...newArrivalsEndpoints,
  ...authorizationEndpoints,
  ...setupEndpoints,
  ...accountLinkEndpoints,
  ...userEndpoints,
  ...invitationEndpoints,
  ...csvExportEndpoints,
  ...csvImportEndpoints,
  ...triageEndpoints,
  ...logEndpoints,
  ...diagnosisEndpoints,
  ...catalogueEndpoints,
};

export type EndpointMap = typeof endpointMap;
export type EndpointKey = keyof EndpointMap;

type Part<K extends EndpointKey, Name extends string> =
  EndpointMap[K] extends Record<Name, infer S extends TSchema> ? Static<S> : undefined;

/** Path parameters, query, body and successful reply of an endpoint; undefined where it has none. */
export type ParamsOf<K extends EndpointKey> = Part<K, 'params'>;
export type QueryOf<K extends EndpointKey> = Part<K, 'query'>;
export type BodyOf<K extends EndpointKey> = Part<K, 'body'>;
type Replies<K extends EndpointKey> = EndpointMap[K]['replies'];
export type ReplyOf<K extends EndpointKey> = {
  [S in keyof Replies<K>]: Replies<K>[S] extends TSchema ? Static<Replies<K>[S]> : never;
}[keyof Replies<K>];
