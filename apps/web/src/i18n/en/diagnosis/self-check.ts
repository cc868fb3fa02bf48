import type { selfCheck as japanese } from '../../ja/diagnosis/self-check.ts';

export const selfCheck: typeof japanese = {
  title: 'Check the connection',
  text: 'Finds out where the trouble is when your new mail is not shown. No content of mail is shown or kept.',
  start: 'Check the connection',
  again: 'Check again',
  running: 'Checking …',
  parts: {
    settings: 'Settings',
    connection: 'Connection to Microsoft 365',
    authorization: 'Authorization',
    mail: 'Mail',
  },
  states: {
    waiting: 'Waiting',
    running: 'Checking',
    ok: 'No problem',
    failed: 'There is a problem',
    cannot_check: 'Cannot be checked',
    not_reached: 'Not checked',
  },
  partly: 'No problem (part of it cannot be checked)',
  allGood: 'The connection is in order. Your new mail can be shown.',
  goodSoFar: 'As far as it could be checked, there is no problem.',
  interrupted: 'The check was interrupted. Check again.',
  advice: {
    no: 'Choose "Copy for help desk" and send the text to your system administrator.',
    now: 'Check again. If it goes on, choose "Copy for help desk" and send the text to your system administrator.',
    later:
      'Wait a while, then check again. If it goes on, choose "Copy for help desk" and send the text to your system administrator.',
    after_reconnect: 'Authorize again, under "Accounts" above.',
  },
  authorizeFirst: 'Authorize, under "Accounts" above.',
};
