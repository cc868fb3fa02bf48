import { useEffect, useRef, useState } from 'react';

/**
 * Scrolls to what the address opens, once, when the page is entered: the router only scrolls to the top, and the
 * target may be far below.
 * @param element finds it in the page
 * @param settled it and everything above it have loaded
 */
export function useArrival(
  opened: string | undefined,
  element: (opened: string) => Element | null,
  settled: boolean,
): void {
  const [wanted] = useState(opened);
  const arrived = useRef(wanted === undefined);
  useEffect(() => {
    if (arrived.current || wanted === undefined || !settled) return;
    arrived.current = true;
    const found = element(wanted);
    if (found && !isInSight(found)) found.scrollIntoView();
  }, [wanted, element, settled]);
}

/** Whether its start is visible below the header, with room for some of its content. */
function isInSight(element: Element): boolean {
  const { top } = element.getBoundingClientRect();
  return top >= Number.parseFloat(getComputedStyle(element).scrollMarginTop) && top < window.innerHeight / 2;
}
