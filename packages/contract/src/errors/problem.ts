import Type, { type Static } from 'typebox';
import { menders, stages } from './labels.ts';

/** One field that was refused; `field` is its name in the request, dotted where nested. */
export const fieldProblemSchema = Type.Object({
  field: Type.String(),
  code: Type.String(),
  message: Type.String(),
});

/** What only administrators see of an error. The API omits it from every reply to anyone else. */
export const adminDetailSchema = Type.Object({
  row: Type.Optional(Type.String()),
  /** Purpose and call in one word, as in エラー辞典. */
  stage: Type.Enum(stages),
  causes: Type.Array(
    Type.Object({
      condition: Type.String(),
      place: Type.Optional(Type.String()),
      remedy: Type.String(),
      /** Path of the screen where it is fixed. */
      mendAt: Type.Optional(Type.String()),
      /** The owners of the fix, in the order in which they act. */
      menders: Type.Array(Type.Enum(menders)),
    }),
  ),
  /** The exact origin that was called or blocked, as scheme://host[:port]. */
  origin: Type.Optional(Type.String()),
  /** Remote sites that nearly match a blocked origin. */
  nearMisses: Type.Optional(
    Type.Array(Type.Object({ origin: Type.String(), difference: Type.String(), label: Type.String() })),
  ),
  /**
   * The date (2027-05-20) on which the consumer secret expires, if the error is about the secret and the date is
   * known.
   */
  secretExpiresOn: Type.Optional(Type.String()),
  upstream: Type.Optional(
    Type.Object({
      stage: Type.String(),
      status: Type.Optional(Type.Integer()),
      /** The operating system's or TLS library's code, such as ENOTFOUND. */
      networkCode: Type.Optional(Type.String()),
      oauthError: Type.Optional(Type.String()),
      /** AADSTS numbers, the most specific last. */
      aadstsCodes: Type.Optional(Type.Array(Type.Integer())),
      /** Graph error codes, outermost first. */
      graphCodes: Type.Optional(Type.Array(Type.String())),
      traceId: Type.Optional(Type.String()),
      correlationId: Type.Optional(Type.String()),
      requestId: Type.Optional(Type.String()),
      clientRequestId: Type.Optional(Type.String()),
    }),
  ),
});

/** An error reply: problem details for HTTP APIs (RFC 9457), media type application/problem+json. */
export const problemSchema = Type.Object(
  {
    /** Identifies the code: `/errors/{code}`, relative to the API. */
    type: Type.String(),
    /** First line of the message. */
    title: Type.String(),
    status: Type.Integer(),
    /** The whole message; lines are separated by line feeds. */
    detail: Type.String(),
    code: Type.String(),
    /** The message line by line, exactly as shown. */
    lines: Type.Array(Type.String()),
    retry: Type.Object({
      kind: Type.Union([
        Type.Literal('no'),
        Type.Literal('now'),
        Type.Literal('later'),
        Type.Literal('after_reconnect'),
      ]),
      /** When another try is sensible; only with kind 'later'. ISO 8601. */
      notBefore: Type.Optional(Type.String()),
      afterSeconds: Type.Optional(Type.Integer()),
    }),
    /** For example 7F3K-29QD; absent for expected states and mistyped forms. */
    errorId: Type.Optional(Type.String()),
    /** ISO 8601. */
    occurredAt: Type.String(),
    /** Text for the help desk: code, ID, time, suffix, host; never a token, code or secret. */
    helpDeskText: Type.Optional(Type.String()),
    /** The two accounts of a mismatch. */
    accounts: Type.Optional(Type.Object({ linked: Type.String(), authorized: Type.String() })),
    fields: Type.Optional(Type.Array(fieldProblemSchema)),
    admin: Type.Optional(adminDetailSchema),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof problemSchema>;
export type AdminDetail = Static<typeof adminDetailSchema>;
export type FieldProblem = Static<typeof fieldProblemSchema>;
