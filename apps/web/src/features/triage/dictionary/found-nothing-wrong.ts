import { doctorStateNames, doctorStepNames } from '@argus/contract/doctor-labels';
import type { DoctorStepState } from '@argus/contract/endpoints/diagnosis';
import { languages } from '@argus/contract/language';

/**
 * Whether a text is a user's copied self-check, or an administrator's diagnosis, without any error: both write their
 * lines (アカウントの一致: 成功) with the same names.
 */
export function foundNothingWrong(text: string): boolean {
  const names = Object.values(doctorStepNames);
  const says = (state: DoctorStepState) =>
    languages.some((language) =>
      names.some((name) => text.includes(`${name[language]}: ${doctorStateNames[state][language]}`)),
    );
  return says('ok') && !says('failed') && !says('not_reached');
}
