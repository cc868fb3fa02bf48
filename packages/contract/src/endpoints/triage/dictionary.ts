import Type, { type Static } from 'typebox';
import type { Endpoint } from '../endpoint.ts';
import { nullable, timestamp } from '../shared-schemas.ts';
import { menderSchema } from './board.ts';
import { errorEventSchema } from './log.ts';

/** One entry of エラー辞典, in the reader's language. */
export const catalogueEntrySchema = Type.Object(
  {
    code: Type.String(),
    /** argus: shown by Argus. sign_in_page: shown by Microsoft's own page, which never returns to Argus. */
    kind: Type.Union([Type.Literal('argus'), Type.Literal('sign_in_page')]),
    /** The row of the customer's table. */
    row: nullable(Type.String()),
    area: Type.String(),
    stage: Type.String(),
    /** The HTTP status of an error of Argus. */
    status: nullable(Type.Integer()),
    retry: Type.String(),
    /** As on screen, line by line; variable parts are in braces. */
    message: Type.Array(Type.String()),
    causes: Type.Array(
      Type.Object({
        row: nullable(Type.String()),
        condition: Type.String(),
        place: nullable(Type.String()),
        remedy: Type.String(),
        mendAt: nullable(Type.String()),
        /** In the order in which they act. */
        menders: Type.Array(menderSchema),
      }),
    ),
    /**
     * The facts that identify it: 'AADSTS7000222', 'MailboxNotEnabledForRESTAPI', 'invalid_client', 'HTTP 404',
     * 'ENOTFOUND'.
     */
    matches: Type.Array(Type.String()),
    /** Events of the last 30 days; null: none. */
    seen: nullable(Type.Object({ events: Type.Integer(), users: Type.Integer(), lastAt: timestamp() })),
  },
  { $id: 'CatalogueEntry' },
);
export type CatalogueEntryView = Static<typeof catalogueEntrySchema>;

const tag = 'diagnosis';

export const dictionaryEndpoints = {
  'GET /api/admin/error-catalogue': {
    summary: 'エラー辞典: by text, AADSTS number, Graph code, error ID or a whole text for the help desk',
    tag,
    access: 'admin',
    query: Type.Object(
      {
        q: Type.Optional(Type.String({ maxLength: 4000 })),
        area: Type.Optional(Type.String({ maxLength: 40 })),
        mender: Type.Optional(menderSchema),
      },
      { additionalProperties: false },
    ),
    replies: {
      200: Type.Object({
        /** Best match first; for a found event only its entry; without a search, those that occurred most often first. */
        items: Type.Array(catalogueEntrySchema),
        /** The event whose ID is in the search. */
        event: nullable(errorEventSchema),
        /** The search contains an error ID that no event has (mistyped, or older than the log's retention). */
        unknownErrorId: nullable(Type.String()),
      }),
    },
  },
  'GET /api/admin/error-catalogue/:code': {
    summary: 'One entry of エラー辞典',
    tag,
    access: 'admin',
    params: Type.Object({ code: Type.String({ maxLength: 100 }) }),
    query: Type.Object(
      {
        /** The error that it was opened from: its reasons come by what was known then. */
        errorId: Type.Optional(Type.String({ maxLength: 20 })),
      },
      { additionalProperties: false },
    ),
    replies: {
      200: Type.Object({
        entry: catalogueEntrySchema,
        /** The error of `errorId`; null: none was given, it is not in the log any more, or it is another error. */
        event: nullable(errorEventSchema),
      }),
    },
    errors: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>;
