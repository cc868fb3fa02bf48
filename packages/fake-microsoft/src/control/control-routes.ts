import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FaultOrder, FaultOrderError } from '../faults/fault.ts';
import type { Switches } from '../world.ts';
import type { AppChange, Control, MailOrder, NewUser } from './control.ts';
import { ControlError } from './control.ts';
import * as body from './control-schemas.ts';
import { type SignInOrder, SignInStopped } from './sign-in.ts';

export interface ControlSite {
  /** The two origins, known once the fake listens. */
  site(): { loginUrl: string; graphUrl: string };
  /** Host names (without port) at which the control API may be reached. */
  hosts: ReadonlySet<string>;
}

/**
 * The control API under /_control. It is for tests and testers on this machine: requests from a web page of another
 * origin are refused, and so is a name that DNS resolves to the loopback address.
 */
export function registerControlRoutes(app: FastifyInstance, control: Control, site: ControlSite): void {
  app.register(
    (api, _options, registered) => {
      api.addHook('onRequest', async (request, reply) => {
        const host = request.headers.host ?? '';
        const { origin } = request.headers;
        if (!site.hosts.has(host.replace(/:\d+$/, '')) || (origin !== undefined && origin !== `http://${host}`)) {
          return reply.code(403).send({ message: 'The control API answers to this machine only.' });
        }
      });
      // An order without details may come without a body.
      api.addHook('preValidation', async (request) => {
        request.body ??= {};
      });
      api.setErrorHandler((error, _request, reply) => answerError(error, reply));

      api.get('/', () => ({
        ...site.site(),
        app: control.app(),
        switches: control.switches(),
        users: control.users(),
        faults: control.faults(),
      }));
      api.post('/reset', (_request, reply) => done(reply, () => control.reset()));

      api.post<{ Body: MailOrder }>('/mail', { schema: { body: body.mail } }, (request) =>
        control.injectMail(request.body),
      );
      api.post<{ Body: { user: string; id: string; isRead?: boolean } }>(
        '/mail/read',
        { schema: { body: body.mailRead } },
        (request, reply) => done(reply, () => control.markRead(request.body)),
      );
      api.post<{ Body: { user: string; id: string } }>(
        '/mail/delete',
        { schema: { body: body.mailId } },
        (request, reply) => done(reply, () => control.deleteMail(request.body)),
      );
      api.post<{ Body: { user: string } }>('/mail/clear', { schema: { body: body.user } }, (request, reply) =>
        done(reply, () => control.clearMailbox(request.body.user)),
      );

      api.get('/switches', () => control.switches());
      api.post<{ Body: Partial<Switches> }>('/switches', { schema: { body: body.switches } }, (request) =>
        control.setSwitches(request.body),
      );
      api.post<{ Body: { keepOld?: boolean } }>('/secret/rotate', { schema: { body: body.rotate } }, (request) =>
        control.rotateSecret(request.body),
      );
      api.post<{ Body: AppChange }>('/app', { schema: { body: body.app } }, (request, reply) =>
        done(reply, () => control.setApp(request.body)),
      );

      registerUserRoutes(api, control);

      api.post<{ Body: { user?: string } }>(
        '/consents/drop',
        { schema: { body: body.optionalUser } },
        (request, reply) => done(reply, () => control.dropConsent(request.body.user)),
      );
      api.post<{ Body: SignInOrder }>('/sign-in', { schema: { body: body.signIn } }, (request) =>
        control.signIn(request.body),
      );

      api.get('/requests', () => control.requests());
      api.delete('/requests', (_request, reply) => done(reply, () => control.clearRequests()));

      api.get('/faults', () => control.faults());
      api.post<{ Body: FaultOrder }>('/faults', (request) => control.addFault(request.body));
      api.delete('/faults', (_request, reply) => done(reply, () => control.clearFaults()));
      api.delete<{ Params: { id: string } }>('/faults/:id', (request, reply) =>
        done(reply, () => control.removeFault(request.params.id)),
      );

      api.post('/dead-ends/silent', async () => ({ url: await control.openSilentPort() }));
      api.post('/dead-ends/closed', async () => ({ url: await control.closedPortUrl() }));
      registered();
    },
    { prefix: '/_control' },
  );
}

function registerUserRoutes(api: FastifyInstance, control: Control): void {
  type ForUser<Body = unknown> = { Params: { user: string }; Body: Body };
  api.get('/users', () => control.users());
  api.post<{ Body: NewUser }>('/users', { schema: { body: body.newUser } }, (request) => control.addUser(request.body));
  api.delete<ForUser>('/users/:user', (request, reply) => done(reply, () => control.deleteUser(request.params.user)));
  api.post<ForUser>('/users/:user/disable', (request, reply) =>
    done(reply, () => control.setUserEnabled(request.params.user, false)),
  );
  api.post<ForUser>('/users/:user/enable', (request, reply) =>
    done(reply, () => control.setUserEnabled(request.params.user, true)),
  );
  api.post<ForUser<{ userPrincipalName: string }>>(
    '/users/:user/rename',
    { schema: { body: body.rename } },
    (request, reply) => done(reply, () => control.renameUser(request.params.user, request.body.userPrincipalName)),
  );
  api.post<ForUser<{ hasMailbox: boolean }>>(
    '/users/:user/mailbox',
    { schema: { body: body.mailbox } },
    (request, reply) => done(reply, () => control.setMailbox(request.params.user, request.body.hasMailbox)),
  );
  api.post<ForUser<{ accessTokens?: boolean }>>(
    '/users/:user/revoke-sessions',
    { schema: { body: body.revoke } },
    (request, reply) => done(reply, () => control.revokeSessions(request.params.user, request.body)),
  );
  api.post<ForUser>('/users/:user/expire-refresh-tokens', (request, reply) =>
    done(reply, () => control.expireRefreshTokens(request.params.user)),
  );
}

function done(reply: FastifyReply, act: () => void): FastifyReply {
  act();
  return reply.code(204).send();
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ControlError) return reply.code(error.status).send({ message: error.message });
  if (error instanceof FaultOrderError) return reply.code(400).send({ message: error.message });
  if (error instanceof SignInStopped) {
    return reply.code(409).send({ message: error.message, status: error.status, page: error.page });
  }
  if (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  ) {
    return reply.code(error.statusCode).send({ message: error.message });
  }
  throw error;
}

/** Whether it is a call of the control API, which is neither recorded nor affected by faults. */
export function isControlPath(path: string): boolean {
  return path === '/_control' || path.startsWith('/_control/');
}

/** The path of a request, without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
