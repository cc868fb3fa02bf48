import Type, { type Static } from 'typebox';
import type { Endpoint } from '../endpoint.ts';
import { nullable, timestamp } from '../shared-schemas.ts';

/** The steps from an empty Argus to the first mail, in order. */
export const setUpSteps = ['provider', 'sites', 'settings', 'links', 'first_success'] as const;

/**
 * What stops every user: no provider has the suffix of 基本設定; it has no secret, or the date that was entered for it has passed, and
 * nobody has got mail since; a site that Argus calls is not registered, is not active, or may not be called as it is.
 */
export const stops = ['provider_missing', 'secret_missing', 'secret_expired', 'token_site', 'mail_site'] as const;

export const overviewSchema = Type.Object({
  /** null: nothing is set up yet, so nothing stops anybody. */
  stop: nullable(Type.Enum(stops)),
  /** The provider in use. */
  provider: nullable(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      /** Date (2027-05-20). */
      secretExpiresOn: nullable(Type.String()),
      /** When mail was fetched although that date has passed, or there is no secret; null where neither is the case. */
      secretWorkedAt: nullable(timestamp()),
    }),
  ),
  /** In order; the first one that is not done is next. */
  steps: Type.Array(Type.Object({ id: Type.Enum(setUpSteps), done: Type.Boolean() })),
  /** Active users with a link; more than 10,000 are estimated. */
  linkedUsers: Type.Object({ count: Type.Integer(), exact: Type.Boolean() }),
  /** Of those, how many have authorized. */
  authorizedUsers: Type.Integer(),
  lastSuccessAt: nullable(timestamp()),
  /** Longer ago than 基本設定 allows. */
  silent: Type.Boolean(),
  /** Causes of the last 24 hours that somebody may still meet, and how many users they met. */
  openCauses: Type.Integer(),
  affectedUsers: Type.Integer(),
  /** Whether the instance that answers runs the jobs that keep authorizations alive; null while it starts. */
  jobs: nullable(Type.Boolean()),
});
export type Overview = Static<typeof overviewSchema>;
export type Stop = (typeof stops)[number];

export const overviewEndpoints = {
  'GET /api/admin/overview': {
    summary: '概要: what is set up, what is next, and how the connection is now. Reads the database only',
    tag: 'diagnosis',
    access: 'admin',
    replies: { 200: overviewSchema },
  },
} as const satisfies Record<string, Endpoint>;
