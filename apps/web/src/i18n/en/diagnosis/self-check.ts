import type { selfCheck as japanese } from '../../ja/diagnosis/self-check.ts';

export const selfCheck: typeof japanese = {
  title: 'Check the connection',
  text: 'If your new mail is not shown, this finds out where the problem is. The content of your mail is not shown or stored.',
  start: 'Check the connection',
  again: 'Check again',
  running: 'Checking…',
  parts: {
    settings: 'Settings',
    connection: 'Connection to Microsoft 365',
    authorization: 'Your account connection',
    mail: 'Mail',
  },
  states: {
    waiting: 'Waiting',
    running: 'Checking',
    ok: 'No problems',
    failed: 'Problem found',
    cannot_check: 'Cannot be checked',
    not_reached: 'Not checked',
  },
  partly: 'No problems (part of it cannot be checked)',
  allGood: 'The connection is working. Your new mail can be shown.',
  goodSoFar: 'No problems were found in what could be checked.',
  interrupted: 'The check was interrupted. Check again.',
  advice: {
    no: 'Choose "Copy for help desk" and send the text to your system administrator.',
    now: 'Check again. If the problem continues, choose "Copy for help desk" and send the text to your system administrator.',
    later:
      'Wait a while, then check again. If the problem continues, choose "Copy for help desk" and send the text to your system administrator.',
    after_reconnect: 'Connect again under "Accounts" above.',
  },
  authorizeFirst: 'Connect Microsoft 365 under "Accounts" above.',
};
