import { useEffect, useState } from 'react';

/**
 * The fragment that the page was opened with, '' if there was none. No server or Referer sees it, and it is removed
 * from the address bar and the history once read: it contains a ticket or a token, which is private.
 */
export function useFragment(): string {
  const [fragment] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
    // Opening another link in the same window only changes the fragment.
    const reload = () => {
      if (location.hash.length > 1) location.reload();
    };
    window.addEventListener('hashchange', reload);
    return () => window.removeEventListener('hashchange', reload);
  }, []);
  return fragment;
}
