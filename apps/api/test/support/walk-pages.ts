import { accountKey } from '@argus/contract/account-key';

/** Orders texts as the collation "C" does. */
export const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** As the database folds names, but for variants of kanji, which have a test of their own. */
export const folded = (text: string) =>
  accountKey(text)
    .replaceAll(/[ぁ-ゖ]/g, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + 0x60))
    .replaceAll(/\s+/g, ' ');

/** Whether each word is in one of the texts. */
export function finds(q: string, texts: readonly string[]): boolean {
  const words = folded(q).split(' ');
  return words.every((word) => texts.some((text) => folded(text).replaceAll(' ', '').includes(word)));
}

export interface Page {
  readonly ids: readonly string[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: { readonly count: number; readonly exact: boolean };
}
type Cursor = Record<never, never> | { after: string } | { before: string };
export type ReadPage = (cursor: Cursor) => Promise<Page>;

/** Reads every row from the first page to the last, and back to the first. */
export async function throughAndBack(
  read: ReadPage,
): Promise<{ forward: string[]; backward: string[]; pages: Page[] }> {
  const pages = [await read({})];
  for (let page = pages[0]; page?.next; page = pages.at(-1)) pages.push(await read({ after: page.next }));
  let page = pages.at(-1);
  let backward = [...(page?.ids ?? [])];
  while (page?.previous) {
    page = await read({ before: page.previous });
    // The first page is always full: some of its rows were on the second one.
    backward = [...page.ids.filter((id) => !backward.includes(id)), ...backward];
  }
  return { forward: pages.flatMap(({ ids }) => ids), backward, pages };
}
