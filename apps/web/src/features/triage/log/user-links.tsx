import type { ReactNode } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';

/** Links that examine one user's connection, by the present name. Without one, the account is gone: only `children`. */
export function UserLinks({ username, children }: { username: string | null; children?: ReactNode }) {
  const words = useText('triage/log').board;
  return (
    <span className="argus-row-links">
      {username !== null ? (
        <>
          <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username })}`}>{words.diagnose}</AppLink>
          <AppLink to={`${pages.accountLinks.path}?${new URLSearchParams({ q: username })}`}>{words.link}</AppLink>
        </>
      ) : null}
      {children}
    </span>
  );
}
