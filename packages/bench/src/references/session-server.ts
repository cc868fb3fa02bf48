import { createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import session from '@fastify/session';
import Fastify from 'fastify';
import pg from 'pg';

// The least that answers a signed-in user from PostgreSQL: the session is read for every request, the reply is fixed.

export interface SessionServerOptions {
  readonly databaseUrl: string;
  readonly poolMax: number;
  readonly secret: string;
  readonly cookieName: string;
  readonly body: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as SessionServerOptions;
const pool = new pg.Pool({ connectionString: options.databaseUrl, max: options.poolMax });
const body = Buffer.from(options.body);
const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
const app = Fastify();
await app.register(cookie);
await app.register(session, {
  secret: options.secret,
  cookieName: options.cookieName,
  cookie: { secure: false },
  rolling: false,
  saveUninitialized: false,
  store: {
    get(sessionId, callback) {
      const id = createHash('sha256').update(sessionId).digest('base64url');
      const text = 'SELECT data, "expiresAt" FROM "Session" WHERE id = $1';
      pool.query({ name: 'session', text, values: [id] }).then(
        ({ rows: [row] }) => callback(null, row && row.expiresAt > new Date() ? row.data : null),
        (error) => callback(error),
      );
    },
    set: (_sessionId, _data, callback) => callback(null),
    destroy: (_sessionId, callback) => callback(null),
  },
});
app.get('/api/new-arrivals', (request, reply) => {
  const { accountId } = request.session as { accountId?: string };
  if (accountId === undefined) return reply.code(401).send();
  reply.header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(body);
});
process.send?.({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
process.on('SIGTERM', () => process.exit(0));
