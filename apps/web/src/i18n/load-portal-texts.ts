import { textLoader } from './text-context.tsx';

/** The texts of the portal without the admin menu. */
export const loadPortalTexts = textLoader(
  async (language) => (language === 'ja' ? await import('./ja/portal.ts') : await import('./en/portal.ts')).portalTexts,
);
