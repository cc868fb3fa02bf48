import { alerts } from './alerts.ts';
import { links } from './connection/links.ts';
import { setup } from './connection/setup.ts';
import { controls } from './controls.ts';
import { csv } from './csv.ts';
import { doctor } from './diagnosis/doctor.ts';
import { embedding } from './embedding.ts';
import { dictionary } from './triage/dictionary.ts';
import { log } from './triage/log.ts';
import { overview } from './triage/overview.ts';
import { users } from './users.ts';

/** The texts of the admin menu, loaded with it. */
export const adminTexts = {
  controls,
  alerts,
  'connection/setup': setup,
  'connection/links': links,
  users,
  csv,
  embedding,
  'diagnosis/doctor': doctor,
  'triage/log': log,
  'triage/dictionary': dictionary,
  'triage/overview': overview,
};
