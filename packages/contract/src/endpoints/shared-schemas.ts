import Type, { type TSchema } from 'typebox';

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A point in time, ISO 8601 in UTC. */
export const timestamp = () => Type.String({ format: 'date-time' });

export const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

export const noContent = Type.Null();

/** Text of a form. Its meaning is judged by the feature, so that each field gets its own message. */
export const text = (maxLength = 2000) => Type.String({ maxLength });

/** The optimistic lock: the version that the client last saw. */
export const version = () => Type.Integer({ minimum: 1 });

export const warningSchema = Type.Object({
  field: Type.String(),
  code: Type.String(),
  message: Type.String(),
  origin: Type.Optional(Type.String()),
});

/** Query of a paged table. `q` is a prefix, compared after NFKC and case folding. */
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
