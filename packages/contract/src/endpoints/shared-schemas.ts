import Type, { type TSchema } from 'typebox';

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A point in time, ISO 8601 in UTC. */
export const timestamp = () => Type.String({ format: 'date-time' });

export const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

export const noContent = Type.Null();

/** Form text. The feature validates its meaning, so that each field gets its own message. */
export const text = (maxLength = 2000) => Type.String({ maxLength });

/** The maximum of PostgreSQL's `integer`. */
export const greatestInteger = 2_147_483_647;

/** The optimistic lock: the version that the client last saw. */
export const version = () => Type.Integer({ minimum: 1, maximum: greatestInteger });

export const warningSchema = Type.Object({
  field: Type.String(),
  code: Type.String(),
  message: Type.String(),
  origin: Type.Optional(Type.String()),
});

/** Query of a paged table. `q`: words that a row has parts of, whatever their width, case, kana and variants of kanji. */
export const pageQuery = {
  q: Type.Optional(Type.String({ maxLength: 320 })),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
};

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    page: Type.Integer(),
    pageSize: Type.Integer(),
    total: Type.Integer(),
  });

/**
 * Query of a table too long for page numbers. `after` and `before` are cursors of an earlier reply with the same sort
 * and order.
 */
export const keysetQuery = {
  q: pageQuery.q,
  after: Type.Optional(Type.String({ maxLength: 12_000 })),
  before: Type.Optional(Type.String({ maxLength: 12_000 })),
  pageSize: pageQuery.pageSize,
};

/** A page of a long table, and the cursors of the pages on either side (null: there is none). */
export const keysetPageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    pageSize: Type.Integer(),
    /** Above some thousands, an estimate with two digits. */
    total: Type.Object({ count: Type.Integer(), exact: Type.Boolean() }),
    next: nullable(Type.String()),
    previous: nullable(Type.String()),
  });
