import { authorize } from './connection/authorize.ts';
import { selfCheck } from './diagnosis/self-check.ts';
import { portletTexts } from './portlet.ts';
import { shell } from './shell.ts';

/** The texts of the portal without the admin menu. */
export const portalTexts = {
  ...portletTexts,
  'connection/authorize': authorize,
  'diagnosis/self-check': selfCheck,
  shell,
};
