import { accounts } from './accounts.ts';
import { common } from './common.ts';
import { mail } from './mail.ts';
import { microsoft } from './microsoft.ts';

/** The texts of the light portlet page. */
export const portletTexts = { common, microsoft, mail, accounts };
