import { accountLinks } from './account-links.ts';
import { catalogue } from './catalogue.ts';
import { controls } from './controls.ts';
import { csv } from './csv.ts';
import { diagnosis } from './diagnosis.ts';
import { logs } from './logs.ts';
import { setup } from './setup.ts';
import { users } from './users.ts';

/** The texts of the admin menu, loaded with it. */
export const adminTexts = { controls, setup, accountLinks, users, csv, diagnosis, logs, catalogue };
