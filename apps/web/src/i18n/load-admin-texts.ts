import { textLoader } from './text-context.tsx';

/** The texts of the admin menu. */
export const loadAdminTexts = textLoader(
  async (language) => (language === 'ja' ? await import('./ja/admin.ts') : await import('./en/admin.ts')).adminTexts,
);
