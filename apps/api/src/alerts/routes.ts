import { randomUUID } from 'node:crypto';
import type { AlertChannelView } from '@argus/contract/endpoints/alerts';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { requireReauthentication } from '../accounts/reauthentication.ts';
import { accessOf, changeAs } from '../accounts/standing-access.ts';
import { audit, changedFields } from '../audit/audit.ts';
import {
  type AlertChannel,
  type AlertChannelChange,
  createAlertChannel,
  deleteAlertChannel,
  findAlertChannel,
  listAlertChannels,
  recordAlertFailure,
  recordAlertPartlySent,
  recordAlertSent,
  updateAlertChannel,
  webhookUrlPlace,
} from '../connection/records/alert-channels.ts';
import { standingErrorIds } from '../error-log/records/error-events.ts';
import { uniqueViolation } from '../platform/database/db.ts';
import { endpoint } from '../platform/http/endpoint.ts';
import { AppError, takenFields } from '../platform/problems/app-error.ts';
import { toProblem } from '../platform/problems/problem-json.ts';
import type { Services } from '../platform/services.ts';
import { knownCode } from '../triage/known-code.ts';
import { deliver } from './deliver.ts';
import { testMessage } from './message.ts';
import { type ParsedChannel, parseChannel } from './parse-channel.ts';
import { forgetTold } from './records/told-alerts.ts';
import { nextTry } from './send-alerts.ts';

const auditedFields = [
  'name',
  'format',
  'origin',
  'recipients',
  'kinds',
  'leastUsers',
  'language',
  'active',
] as const satisfies readonly (keyof AlertChannel)[];

/** アラート: where they go. What they say: read-alerts.ts. */
export async function alertRoutes(app: FastifyInstance, services: Services): Promise<void> {
  const { db, vault, config, now } = services;

  endpoint(app, 'GET /api/admin/alert-channels', async ({ request }) => ({
    items: await viewsOf(await listAlertChannels(db), request.language),
    mailFrom: config.mail?.from ?? null,
  }));

  endpoint(app, 'GET /api/admin/alert-channels/:id', async ({ params, request }) =>
    viewOf(await found(params.id), request.language),
  );

  // Whoever says where alerts go can keep the others from hearing of a change, and have Argus write to anybody: as a change of the
  // connection, that needs the password.

  endpoint(app, 'POST /api/admin/alert-channels', async ({ body, request }) => {
    const parsed = parseChannel(body);
    requireReauthentication(request, now());
    const id = randomUUID();
    const channel = await refusingTaken(() =>
      changeAs(db, accessOf(request), async (tx) => {
        const created = await createAlertChannel(tx, id, changeOf(id, parsed));
        const changes = [
          { field: 'format', from: null, to: created.format },
          { field: created.origin === null ? 'recipients' : 'origin', from: null, to: placeOf(created) },
        ];
        await audit(tx, request, 'alert_channel_created', { kind: 'alert_channel', id, name: created.name, changes });
        return created;
      }),
    );
    return viewOf(channel, request.language);
  });

  endpoint(app, 'PUT /api/admin/alert-channels/:id', async ({ params, body, request }) => {
    requireReauthentication(request, now());
    const channel = await refusingTaken(() =>
      changeAs(db, accessOf(request), async (tx) => {
        const before = await findAlertChannel(tx, params.id);
        if (!before) throw new AppError('not_found');
        if (before.version !== body.version) throw new AppError('record_changed');
        const parsed = parseChannel(body, before);
        const after = await updateAlertChannel(tx, before.id, body.version, changeOf(before.id, parsed));
        if (!after) throw new AppError('record_changed');
        const { id, name } = after;
        const isElsewhere = parsed.webhook !== undefined || after.recipients !== before.recipients;
        if (isElsewhere || (after.active && !before.active)) await forgetTold(tx, id, { isElsewhere });
        const fields = changedFields(before, after, auditedFields);
        // The URL itself is a secret; that there is a new one is not.
        const changes = parsed.webhook ? [...fields, { field: 'webhookUrl', from: null, to: '••••' }] : fields;
        await audit(tx, request, 'alert_channel_changed', { kind: 'alert_channel', id, name, changes });
        return isElsewhere ? { ...after, lastSentAt: null } : after;
      }),
    );
    return viewOf(channel, request.language);
  });

  endpoint(app, 'DELETE /api/admin/alert-channels/:id', async ({ params, request }) => {
    requireReauthentication(request, now());
    await changeAs(db, accessOf(request), async (tx) => {
      const channel = await findAlertChannel(tx, params.id);
      if (!channel) throw new AppError('not_found');
      await deleteAlertChannel(tx, channel.id);
      const { id, name } = channel;
      const field = channel.origin === null ? 'recipients' : 'origin';
      const changes = [{ field, from: placeOf(channel), to: null }];
      await audit(tx, request, 'alert_channel_deleted', { kind: 'alert_channel', id, name, changes });
    });
    return null;
  });

  endpoint(app, 'POST /api/admin/alert-channels/:id/test', async ({ params, request }) => {
    const channel = await found(params.id);
    requireReauthentication(request, now());
    const target = { kind: 'alert_channel', id: channel.id, name: channel.name };
    await changeAs(db, accessOf(request), (tx) => audit(tx, request, 'alert_channel_tested', target));
    const at = now();
    const to = { language: channel.language, publicUrl: config.http.publicUrl };
    let partly: AppError | null;
    try {
      partly = await deliver(services, channel, testMessage(channel.name, to, at));
    } catch (error) {
      if (error instanceof AppError) {
        const { code, params: values } = error;
        const retryAt = nextTry(channel.failures + 1, at);
        await recordAlertFailure(db, channel, { at, code, params: values, errorId: null, retryAt });
      }
      throw error;
    }
    if (partly) {
      const { code, params: values } = partly;
      await recordAlertPartlySent(db, channel, { at, code, params: values, errorId: null });
      throw partly;
    }
    // What was tested is not what there is by now.
    if (!(await recordAlertSent(db, channel, at))) throw new AppError('record_changed');
    return viewOf(await found(channel.id), request.language);
  });

  async function viewOf(channel: AlertChannel, language: Language): Promise<AlertChannelView> {
    const [view] = await viewsOf([channel], language);
    if (!view) throw new AppError('not_found');
    return view;
  }

  async function viewsOf(channels: readonly AlertChannel[], language: Language): Promise<AlertChannelView[]> {
    const standing = await standingErrorIds(
      db,
      channels.map(({ lastErrorId }) => lastErrorId),
    );
    return channels.map((channel) => viewBy(channel, standing, language));
  }

  async function found(id: string): Promise<AlertChannel> {
    const channel = await findAlertChannel(db, id);
    if (!channel) throw new AppError('not_found');
    return channel;
  }

  /** A new URL is sealed to its channel and origin; mail has none; otherwise the stored one stays. */
  function changeOf(id: string, { change, webhook }: ParsedChannel): AlertChannelChange {
    if (change.format === 'mail') return { ...change, sealedUrl: null, origin: null };
    if (webhook === undefined) return change;
    const { origin, url } = webhook;
    return { ...change, origin, sealedUrl: vault.seal(url, webhookUrlPlace(id, origin)) };
  }
}

function placeOf({ origin, recipients }: AlertChannel): string {
  return origin ?? recipients.replaceAll('\n', ', ');
}

async function refusingTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!uniqueViolation(error)) throw error;
    throw takenFields([{ field: 'name', code: 'name_taken' }]);
  }
}

/** @param standing error IDs that still lead to an event */
function viewBy(channel: AlertChannel, standing: ReadonlySet<string>, language: Language): AlertChannelView {
  const { sealedUrl, kinds, lastSentAt, lastErrorAt, lastErrorCode, lastErrorId, lastErrorParams, ...rest } = channel;
  return {
    ...rest,
    kinds: [...kinds],
    lastSentAt: lastSentAt?.toISOString() ?? null,
    lastFailure:
      lastErrorAt === null || lastErrorCode === null
        ? null
        : {
            at: lastErrorAt.toISOString(),
            code: lastErrorCode,
            title: titleOf(lastErrorCode, lastErrorAt, { params: lastErrorParams, language }),
            errorId: lastErrorId !== null && standing.has(lastErrorId) ? lastErrorId : null,
          },
  };
}

/** What failed and why, in one line. */
function titleOf(
  code: string,
  occurredAt: Date,
  { params, language }: { readonly params: AlertChannel['lastErrorParams']; readonly language: Language },
): string {
  const { lines } = toProblem({ code: knownCode(code), params, occurredAt }, language, false);
  return lines.slice(1).join(' ');
}
