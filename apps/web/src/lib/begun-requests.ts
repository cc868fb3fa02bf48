import type { Language } from '@argus/contract/language';

const begun = globalThis.argusBegun ?? new Map<string, never>();
globalThis.argusBegun = null;

/** The answer to a GET of JSON that was begun before this script ran, for the first that asks for it. */
export function takeBegun(address: string, language: Language): Promise<Response> | undefined {
  const found = begun.get(address);
  begun.delete(address);
  return found?.language === language ? found.response : undefined;
}
