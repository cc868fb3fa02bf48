import type { ReactNode } from 'react';
import { useText } from '../../../i18n/text-context.tsx';
import { pages } from '../../../pages.ts';
import { AppLink } from '../../../ui/app-link.tsx';

/** Links that examine one user's connection. For a deleted account, only `children`. */
export function UserLinks(props: { username: string; exists?: boolean; children?: ReactNode }) {
  const { username, exists = true, children } = props;
  const words = useText('triage/log').board;
  return (
    <span className="argus-row-links">
      {exists ? (
        <>
          <AppLink to={`${pages.diagnosis.path}?${new URLSearchParams({ username })}`}>{words.diagnose}</AppLink>
          <AppLink to={`${pages.accountLinks.path}?${new URLSearchParams({ q: username })}`}>{words.link}</AppLink>
        </>
      ) : null}
      {children}
    </span>
  );
}
