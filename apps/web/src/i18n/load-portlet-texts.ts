import { textLoader } from './text-context.tsx';

/** Only the texts of the portlet page. */
export const loadPortletTexts = textLoader(
  async (language) =>
    (language === 'ja' ? await import('./ja/portlet.ts') : await import('./en/portlet.ts')).portletTexts,
);
