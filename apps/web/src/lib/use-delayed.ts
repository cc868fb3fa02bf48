import { useEffect, useState } from 'react';

/** False at first, true after `ms`: for content shown only when something takes longer than a blink. */
export function useDelayed(ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}
