/** One spelling for all widths and cases, and for サーバー and サーバ. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/(?<=[ァ-ヶ])ー(?![ァ-ヶー])/g, '');
}

/** Without spaces and punctuation, which get lost or changed where texts are copied. */
export function squeezeText(text: string): string {
  return foldText(text).replaceAll(/[^\p{L}\p{N}_]/gu, '');
}
