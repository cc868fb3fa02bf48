import type { TrialView } from '@argus/contract/endpoints/diagnosis';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Acting, actingBy } from '../accounts/acting.ts';
import { requireProof } from '../accounts/reauthentication.ts';
import { changeAs, isStanding, rehearseAs, requireStanding } from '../accounts/standing-access.ts';
import { type AuditTarget, audit } from '../audit/audit.ts';
import type { AuthProvider } from '../connection/records/auth-providers.ts';
import { type Connector, readConnector } from '../connection/records/connector.ts';
import { isGuarded } from '../connection/setup/guard-connection.ts';
import { changeByForm, createByForm, refusingTaken } from '../connection/setup/save-auth-provider.ts';
import { changeSettings } from '../connection/setup/settings.ts';
import { originOf, placeInWords } from '../connection/usable-grant.ts';
import type { Db } from '../platform/database/db.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import type { Services } from '../platform/services.ts';
import type { Doctor } from './doctor.ts';
import { stepViews } from './routes.ts';
import { firstFailureOf } from './run-state.ts';

/**
 * 保存前に確認: tries a form that is not saved. Everything that saving checks is checked first. A password proof is needed as soon as
 * anything is at risk: a trial calls where the form says, and sends the secret there.
 */
export async function trialRoutes(
  app: FastifyInstance,
  services: Services & { readonly doctor: Doctor },
): Promise<void> {
  const { db, now, doctor } = services;

  endpoint(app, 'POST /api/admin/trials/settings', ({ body, request }) =>
    tryOut(request, { kind: 'settings' }, false, async (tx, by) =>
      readConnector(tx, await changeSettings(tx, now(), by, body)),
    ),
  );

  endpoint(app, 'POST /api/admin/trials/auth-providers', ({ body, request }) =>
    tryOut(request, { kind: 'auth_provider', name: body.name }, hasSecret(body), async (tx, by) =>
      inUse(tx, await createByForm(tx, services, by, { ...body, unfinished: false })),
    ),
  );

  endpoint(app, 'POST /api/admin/trials/auth-providers/:id', ({ params, body, request }) =>
    tryOut(request, { kind: 'auth_provider', id: params.id, name: body.name }, hasSecret(body), async (tx, by) =>
      inUse(tx, await changeByForm(tx, services, by, params.id, { ...body, unfinished: false })),
    ),
  );

  async function tryOut(
    request: FastifyRequest,
    target: Omit<AuditTarget, 'changes'>,
    hasTypedSecret: boolean,
    propose: (tx: Db, by: Acting) => Promise<Connector>,
  ): Promise<TrialView> {
    const by = actingBy(request, now());
    const proposed = await refusingTaken(() =>
      rehearseAs(db, by.access, async (tx) => {
        // A save calls nothing yet where it is not in use; a trial calls at once.
        if (await isGuarded(tx)) requireProof(by.hasProved);
        return propose(tx, by);
      }),
    );
    const { provider, settings } = proposed;
    const changes = [
      { field: 'mailUrl', from: null, to: originOf(settings.mailUrl) },
      ...(provider ? [{ field: 'tokenEndpointUrl', from: null, to: placeInWords(provider.tokenEndpointUrl) }] : []),
      ...(hasTypedSecret ? [{ field: 'consumerSecret', from: null, to: '••••••••' }] : []),
    ];
    // A trial leaves nothing else behind, and calls where nothing that is stored says.
    await changeAs(db, by.access, (tx) => audit(tx, by, 'connection_tried', { ...target, changes }));
    const triedAt = now();
    const steps = await doctor.tryOut(proposed, () => isStanding(db, by.access));
    // What was found is for whoever may still ask.
    await requireStanding(db, by.access);
    return {
      triedAt: triedAt.toISOString(),
      steps: stepViews(steps, null, triedAt, request.language),
      firstFailure: firstFailureOf({ steps })?.id ?? null,
    };
  }
}

const hasSecret = ({ consumerSecret }: { readonly consumerSecret?: string | null }) => Boolean(consumerSecret);

/** The connection as it would be if 基本設定 named this provider. */
async function inUse(tx: Db, provider: AuthProvider): Promise<Connector> {
  const { settings } = await readConnector(tx);
  const suffix = provider.urlSuffix;
  return { settings: { ...settings, authProviderUrlSuffix: suffix }, suffix, provider };
}
