import { type ComponentType, useEffect, useState } from 'react';
import { unreachable } from '../lib/api-client.ts';

/** A component that a page's first view can do without, in a file of its own. */
export interface LatePart<Props> {
  /** Undefined until it has been fetched. */
  readonly component: ComponentType<Props> | undefined;
  /** @throws UnreachableError where it cannot be fetched; the next call tries again */
  fetch(): Promise<ComponentType<Props>>;
}

const parts: { fetch(): Promise<unknown> }[] = [];

/** @param load imports the file that has the component */
export function latePart<Props>(load: () => Promise<ComponentType<Props>>): LatePart<Props> {
  let component: ComponentType<Props> | undefined;
  let asked: Promise<ComponentType<Props>> | undefined;
  const part: LatePart<Props> = {
    get component() {
      return component;
    },
    fetch() {
      asked ??= load().then(
        (loaded) => (component = loaded),
        (cause: unknown) => {
          asked = undefined;
          throw unreachable(cause, undefined);
        },
      );
      return asked;
    },
  };
  parts.push(part);
  return part;
}

/** Fetches every part once the first view stands: what shows a fault must not depend on the network that failed. */
export function fetchLateParts(): void {
  const fetchAll = () => {
    for (const part of parts) void part.fetch().catch(() => undefined);
  };
  // Safari knows no idle time; a second is enough for what has just been fetched to be shown.
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, 1_000);
}

/** The component of a part, once it is there, or why it could not be fetched. */
export function useLatePart<Props>(part: LatePart<Props>): {
  readonly Component: ComponentType<Props> | undefined;
  readonly error: unknown;
} {
  const [state, setState] = useState<{ Component: ComponentType<Props> | undefined; error: unknown }>(() => ({
    Component: part.component,
    error: null,
  }));
  const isThere = state.Component !== undefined;
  useEffect(() => {
    if (isThere) return;
    let wanted = true;
    part.fetch().then(
      (Component) => wanted && setState({ Component, error: null }),
      (error: unknown) => wanted && setState({ Component: undefined, error }),
    );
    return () => {
      wanted = false;
    };
  }, [part, isThere]);
  return state;
}
