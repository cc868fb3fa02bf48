import { doctorStateNames, doctorStepNames } from '@argus/contract/doctor-labels';
import type { DoctorStepState } from '@argus/contract/endpoints/diagnosis';
import { languages } from '@argus/contract/language';

/**
 * Whether a text is what a user copied of a check of the connection, or an administrator of a diagnosis, that met no error: its
 * lines (アカウントの一致: 成功) are told by the same names.
 */
export function foundNothingWrong(text: string): boolean {
  const names = Object.values(doctorStepNames);
  const says = (state: DoctorStepState) =>
    languages.some((language) =>
      names.some((name) => text.includes(`${name[language]}: ${doctorStateNames[state][language]}`)),
    );
  return says('ok') && !says('failed') && !says('not_reached');
}
