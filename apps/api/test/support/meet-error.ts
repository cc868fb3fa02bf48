import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import { type NewErrorEvent, saveErrorEvent } from '../../src/error-log/records/error-events.ts';
import type { ErrorParams } from '../../src/platform/problems/app-error.ts';
import { newErrorId } from '../../src/platform/problems/error-id.ts';
import { suffix, type TestArgus } from './build-app.ts';

export interface Met {
  readonly ago?: number;
  readonly code?: ErrorCode;
  readonly username?: string | null;
  readonly accountId?: string;
  readonly params?: ErrorParams;
  /** Replaces saving it at once. */
  readonly keep?: (event: NewErrorEvent) => Promise<void>;
}

/** Stores an error that occurred `ago` milliseconds ago. Returns its ID. */
export async function meetError(argus: TestArgus, met: Met): Promise<string> {
  const { ago = 0, code = 'mail_unauthorized', username = 'taro@argus.example', ...more } = met;
  const id = newErrorId();
  await (more.keep ?? ((event) => saveErrorEvent(argus.database.prisma, event)))({
    id,
    code,
    accountId: more.accountId ?? null,
    username,
    stage: 'messages',
    params: more.params ?? { suffix, origin: 'https://graph.example' },
    requestId: 'r1',
    occurredAt: new Date(argus.services.now().getTime() - ago),
  });
  return id;
}
