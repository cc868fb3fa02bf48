import { common } from './common.ts';
import { newArrivals } from './new-arrivals.ts';
import { signIn } from './sign-in.ts';

/** The texts of the light portlet page. */
export const portletTexts = { common, newArrivals, signIn };
