import { useEffect, useRef, useState } from 'react';

/**
 * Brings into view what the address opens, once, when the page is entered: the router knows the top of a page only, and what a
 * link opens may stand far below it.
 * @param element finds it in the page
 * @param settled it and what stands above it have loaded
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

/** Its beginning is seen below the header, with room for some of what is opened below it. */
function isInSight(element: Element): boolean {
  const { top } = element.getBoundingClientRect();
  return top >= Number.parseFloat(getComputedStyle(element).scrollMarginTop) && top < window.innerHeight / 2;
}
