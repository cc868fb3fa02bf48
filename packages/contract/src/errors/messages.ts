import type { Lines, Text } from '../language.ts';
import type { Words } from './entry.ts';

export const contactAdmin: Text = {
  ja: 'システム管理者に連絡してください。',
  en: 'Contact your system administrator.',
};

/** Lines in both languages, made of one text each. */
export function linesOf(...texts: readonly Text[]): Lines {
  return { ja: texts.map((text) => text.ja), en: texts.map((text) => text.en) };
}

/** What went wrong, in the form of the customer's table: 「エラー：401 権限がありません。」 */
export function told(says: Text): Text {
  return { ja: `エラー：${says.ja}`, en: `Error: ${says.en}` };
}

/** The status of the reply, where nothing more is known. */
export const itsStatus: Text = { ja: '{status} {reason}', en: '{status} {reason}' };

/** What failed, whom to contact, and more lines. */
export function failedWith({ failed }: Pick<Words, 'failed'>, ...more: readonly Text[]): Lines {
  return linesOf(failed, contactAdmin, ...more);
}

/** A message with one line of text per line of the source. */
export function linesIn(ja: string, en: string): Lines {
  return { ja: ja.split('\n'), en: en.split('\n') };
}
