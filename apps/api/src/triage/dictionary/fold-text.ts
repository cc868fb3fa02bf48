/** Folds width, case, and a trailing ー as in サーバー and サーバ. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/(?<=[ァ-ヶ])ー(?![ァ-ヶー])/g, '');
}

/** Without spaces and punctuation, which copying drops or changes. */
export function squeezeText(text: string): string {
  return foldText(text).replaceAll(/[^\p{L}\p{N}_]/gu, '');
}
