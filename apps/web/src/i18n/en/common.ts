import type { Mender } from '@argus/contract/catalogue/entry';
import { menderLabels, stageLabels } from '@argus/contract/catalogue/labels';
import { textsIn } from '@argus/contract/language';
import type { common as japanese } from '../ja/common.ts';

const menders = textsIn(menderLabels, 'en');

export const common: typeof japanese = {
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Refresh',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Could not copy',
  justNow: 'just now',
  yes: 'Yes',
  no: 'No',
  none: 'None',
  opensInNewTab: 'opens in a new tab',
  kinds: { info: 'Information', success: 'Done', warning: 'Warning', error: 'Error' },
  notifications: 'Notifications',
  errorId: 'Error ID',
  copyForHelpDesk: 'Copy for help desk',
  forAdmins: 'For administrators: cause and remedy',
  condition: 'Cause',
  place: 'Where to check',
  remedy: 'Remedy',
  mender: 'Who can mend it',
  mendersInTurn: (turn: readonly Mender[]) => turn.map((mender) => menders[mender]).join(' → '),
  stages: textsIn(stageLabels, 'en'),
  openSetting: 'Open the setting',
  blockedOrigin: 'Site concerned',
  nearMisses: 'Similar sites that are registered',
  secretExpiresOn: 'Expiry date of the consumer secret as registered',
  addThisSite: 'Add this site',
  openCatalogue: 'See the error catalogue',
  upstream: 'Details of the reply',
  upstreamFields: {
    code: 'Error code',
    stage: 'Stage',
    status: 'HTTP status',
    networkCode: 'Network error',
    oauthError: 'OAuth error',
    aadstsCodes: 'AADSTS',
    graphCodes: 'Graph error',
    traceId: 'Trace ID',
    correlationId: 'Correlation ID',
    requestId: 'request-id',
    clientRequestId: 'client-request-id',
  },
  faults: {
    offline: ['You are offline.', 'Check your network connection.'],
    noAnswer: ['Argus cannot be reached.', 'Wait a while, then try again.'],
    foreignAnswer: [
      'The answer did not come from Argus.',
      'Wait a while, then try again. If it persists, contact your system administrator.',
    ],
    fault: ['Something went wrong on this page.', 'Reload it. If it persists, contact your system administrator.'],
  },
};
