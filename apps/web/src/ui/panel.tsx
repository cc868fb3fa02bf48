import type { ReactNode } from 'react';
import { useText } from '../i18n/text-context.tsx';

/** A page that is one narrow panel, as those before signing in; its title is the tab's too. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  const { pageTitle } = useText('shell');
  return (
    <section className="argus-panel">
      <title>{pageTitle(title)}</title>
      <h1 className="argus-panel__title">{title}</h1>
      {children}
    </section>
  );
}
