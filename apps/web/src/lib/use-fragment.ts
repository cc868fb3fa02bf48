import { useEffect, useState } from 'react';

/**
 * The fragment that the page was opened with, '' where there was none. No server or Referer sees it, and it leaves the address bar
 * and the history as soon as it is read: what stands in it, a ticket or a token, is nobody else's business.
 */
export function useFragment(): string {
  const [fragment] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
    // Another link, opened in the same window, changes nothing but the fragment.
    const reload = () => {
      if (location.hash.length > 1) location.reload();
    };
    window.addEventListener('hashchange', reload);
    return () => window.removeEventListener('hashchange', reload);
  }, []);
  return fragment;
}
