import type { Static, TSchema } from 'typebox';
import { accountEndpoints } from './endpoints/accounts.ts';
import { alertEndpoints } from './endpoints/alerts.ts';
import { authorizeEndpoints } from './endpoints/connection/authorize.ts';
import { linkEndpoints } from './endpoints/connection/links.ts';
import { setupEndpoints } from './endpoints/connection/setup.ts';
import { diagnosisEndpoints } from './endpoints/diagnosis.ts';
import { csvExportEndpoints } from './endpoints/imports/csv-exports.ts';
import { csvImportEndpoints } from './endpoints/imports/csv-imports.ts';
import { mailEndpoints } from './endpoints/mail.ts';
import { boardEndpoints } from './endpoints/triage/board.ts';
import { dictionaryEndpoints } from './endpoints/triage/dictionary.ts';
import { logEndpoints } from './endpoints/triage/log.ts';
import { overviewEndpoints } from './endpoints/triage/overview.ts';
import { invitationEndpoints } from './endpoints/users/invitations.ts';
import { userEndpoints } from './endpoints/users/users.ts';

/**
 * Every endpoint of the API by "METHOD /path". The web imports only its types, so that no schema is shipped to
 * browsers.
 */
export const endpointMap = {
  ...accountEndpoints,
  ...mailEndpoints,
  ...authorizeEndpoints,
  ...setupEndpoints,
  ...linkEndpoints,
  ...userEndpoints,
  ...invitationEndpoints,
  ...csvExportEndpoints,
  ...csvImportEndpoints,
  ...boardEndpoints,
  ...overviewEndpoints,
  ...logEndpoints,
  ...diagnosisEndpoints,
  ...dictionaryEndpoints,
  ...alertEndpoints,
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
