import { doctorStateNames, doctorStepNames } from '@argus/contract/doctor-labels';
import type { DoctorStepId, DoctorStepState } from '@argus/contract/endpoints/diagnosis';
import type { Problem } from '@argus/contract/errors/problem';
import type { Language, Text } from '@argus/contract/language';

const allWell: Text = {
  ja: '接続の確認で問題は見つかりませんでした。',
  en: 'The connection check found no problems.',
};

const unfinished: Text = {
  ja: '確認できた範囲に問題はありませんが、メールの取得までは確認できませんでした。',
  en: 'No problems were found in what could be checked, but fetching mail could not be checked.',
};

/**
 * What a user copies for the help desk: the error with the ID by which an administrator finds more, or that nothing
 * is wrong; then the steps. Never an account, address, token, code or secret.
 */
export function selfCheckText(
  steps: readonly { readonly id: DoctorStepId; readonly state: DoctorStepState }[],
  endedAt: Date,
  problem: Problem | undefined,
  language: Language,
): string {
  const ja = language === 'ja';
  const isMailReached = steps.some(({ id, state }) => id === 'messages' && state === 'ok');
  const zone = { timeZone: 'Asia/Tokyo', dateStyle: 'medium', timeStyle: 'long' } as const;
  const time = new Intl.DateTimeFormat(ja ? 'ja-JP' : 'en-GB', zone).format(endedAt);
  // With an error ID, the problem has its own text, including the time.
  const head = problem?.helpDeskText
    ? [problem.helpDeskText]
    : [
        ...(problem
          ? [...problem.lines, `${ja ? 'コード' : 'Code'}: ${problem.code}`]
          : [(isMailReached ? allWell : unfinished)[language]]),
        `${ja ? '確認日時' : 'Checked at'}: ${time}`,
      ];
  return [
    ...head,
    ja ? '接続の確認:' : 'Connection check:',
    ...steps.map(({ id, state }) => `・${doctorStepNames[id][language]}: ${doctorStateNames[state][language]}`),
  ].join('\n');
}
