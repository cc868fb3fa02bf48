import type { Causes } from '../entry.ts';
import { accessCauses } from './access.ts';
import { mailboxCauses } from './mailbox.ts';
import { dataEndpointCauses, timeoutCauses } from './network.ts';
import { answerCauses } from './service.ts';

/** All that may come of a call to Microsoft Graph for what is in a mailbox. */
export const graphCauses = {
  ...timeoutCauses,
  ...dataEndpointCauses,
  ...accessCauses,
  ...mailboxCauses,
  ...answerCauses,
} as const satisfies Causes;
