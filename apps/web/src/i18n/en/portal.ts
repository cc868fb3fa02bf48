import { authorization } from './authorization.ts';
import { portletTexts } from './portlet.ts';
import { shell } from './shell.ts';

/** The texts of the portal without the admin menu. */
export const portalTexts = { ...portletTexts, authorization, shell };
