import type { Language } from '@argus/contract/language';
import { deadlineMs, headersOf, manner } from './argus-request.ts';

interface Begun {
  readonly language: Language;
  readonly response: Promise<Response>;
}

declare global {
  /**
   * The requests that a page has begun while its scripts still loaded, by address; null once these run. Global, as the script that
   * begins them is a bundle of its own.
   */
  var argusBegun: Map<string, Begun> | null | undefined;
}

const begun = new Map<string, Begun>();

/** Begins to read JSON that the page asks for first of all. Too late, it does nothing: the page asks by itself. */
export function beginRequest(address: string, language: Language): void {
  if (globalThis.argusBegun === null) return;
  const init = { ...manner, headers: headersOf(language), signal: AbortSignal.timeout(deadlineMs) };
  const response = fetch(address, init);
  // Whoever takes it hears of a failure.
  response.catch(() => undefined);
  begun.set(address, { language, response });
  globalThis.argusBegun = begun;
}

/** Makes the page ask again: what was begun may be of a session or an authorization that has ended. */
export function discardBegun(): void {
  begun.clear();
}
