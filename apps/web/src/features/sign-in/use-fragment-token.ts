import { useEffect, useState } from 'react';

/**
 * The token of a one-time link; '' where it has none. It comes in the fragment, which no server or Referer sees, and leaves
 * the address bar and the history as soon as it is read.
 */
export function useFragmentToken(): string {
  const [token] = useState(() => readToken());
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
    // Another link, pasted into the same tab, changes nothing but the fragment.
    const reload = () => {
      if (readToken() !== '') location.reload();
    };
    window.addEventListener('hashchange', reload);
    return () => window.removeEventListener('hashchange', reload);
  }, []);
  return token;
}

function readToken(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
}
