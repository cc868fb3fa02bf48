import type { ReactNode } from 'react';
import { ArgusMark } from './argus-mark.tsx';
import { LanguageSelect } from './language-select.tsx';

/** The frame of pages outside the portal: signing in, and the outcome of an authorization. */
export function BareFrame({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <div className="argus-bare">
      <header className="argus-bare__header">
        <ArgusMark />
        <LanguageSelect />
      </header>
      <main className={wide ? 'argus-bare__main argus-bare__main_wide' : 'argus-bare__main'}>{children}</main>
    </div>
  );
}
