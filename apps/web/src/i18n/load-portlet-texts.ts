import { textLoader } from './text-context.tsx';

/** The texts of the portlet page alone. */
export const loadPortletTexts = textLoader(
  async (language) =>
    (language === 'ja' ? await import('./ja/portlet.ts') : await import('./en/portlet.ts')).portletTexts,
);
