import { type ComponentProps, createContext, type MouseEvent, use } from 'react';

/** Goes to a path of the portal without loading a page. */
type Navigate = (to: string) => void;

const NavigateContext = createContext<Navigate | null>(null);

/** Provided by the portal. Without it (on the light portlet page) links open the portal in a new tab. */
export const NavigateProvider = NavigateContext;

/** A link to a path of the portal, for parts that are also used on the light portlet page, which has no router. */
export function AppLink({ to, ...rest }: Omit<ComponentProps<'a'>, 'href'> & { readonly to: string }) {
  const navigate = use(NavigateContext);
  if (!navigate) return <a {...rest} href={to} target="_blank" rel="noopener" />;
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={to} onClick={go} />;
}
