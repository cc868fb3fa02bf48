import type { Causes } from '../entry.ts';
import { accessCauses } from './access.ts';
import { mailboxCauses } from './mailbox.ts';
import { dataEndpointCauses, timeoutCauses } from './network.ts';
import { answerCauses } from './service.ts';

/** Everything that can fail in a call to Microsoft Graph for mailbox data. */
export const graphCauses = {
  ...timeoutCauses,
  ...dataEndpointCauses,
  ...accessCauses,
  ...mailboxCauses,
  ...answerCauses,
} as const satisfies Causes;
