import { accounts } from './accounts.ts';
import { common } from './common.ts';
import { mail } from './mail.ts';

/** The texts of the light portlet page. */
export const portletTexts = { common, mail, accounts };
