import type { Shown } from './shown.ts';

/** A line of a `.env` that sets nothing. Its content stays out: it may be a secret. */
export interface LineFault {
  /** From 1. */
  readonly line: number;
  /** What was probably meant; undefined where nobody can tell. */
  readonly hint: Shown | undefined;
}

const setting = /^(?:export +)?([A-Za-z_]\w*)\s*=\s*(.*)$/;

/** Ways of other shells and files to set a variable. */
const hints: readonly (readonly [RegExp, Shown])[] = [
  [/^\$env:/i, { ja: 'PowerShell の $env: は不要です', en: "remove PowerShell's $env:" }],
  [/^setx?\s/i, { ja: '先頭の set は不要です', en: 'remove the set at the beginning' }],
  [/^export\s/, { ja: 'export のあとは空白1つです', en: 'put one space after export' }],
  [/^-/, { ja: 'YAML の先頭の - は不要です', en: 'remove the YAML - at the beginning' }],
  [/^["']?[A-Za-z_]\w*["']?\s*:/, { ja: ': ではなく = を使用してください', en: 'use = instead of :' }],
];
const backslash: Shown = {
  ja: '行末の \\ は不要です。1行に1つずつ書いてください',
  en: 'remove the \\ at the end, and write one setting per line',
};
const openQuote: Shown = { ja: '引用符が閉じられていません', en: 'the quote is not closed' };
const behindQuote: Shown = {
  ja: '閉じた引用符のあとに続きがあります。1行に1つずつ書いてください',
  en: 'there is text after the closing quote; write one setting per line',
};

export interface JudgedLines {
  readonly faults: readonly LineFault[];
  /** The names that more than one line sets, of which the last counts. */
  readonly doubled: readonly string[];
}

/**
 * Every line that is neither blank, a comment, NAME=value nor the rest of a value in quotes: node's parser skips it, or
 * reads what nobody meant, and Argus would start as something else.
 * @param text with \n as line ends
 */
export function judgeLines(text: string): JudgedLines {
  const faults: LineFault[] = [];
  const names: string[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]?.trim() ?? '';
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = setting.exec(line) ?? [];
    if (name !== undefined) names.push(name);
    if (value === undefined) {
      faults.push({ line: at + 1, hint: hints.find(([pattern]) => pattern.test(line))?.[1] });
    } else if (/^["'`]/.test(value)) {
      const rest = [value, ...lines.slice(at + 1)].join('\n');
      const end = rest.indexOf(value.charAt(0), 1);
      if (end < 0) {
        faults.push({ line: at + 1, hint: openQuote });
        continue;
      }
      at += rest.slice(0, end).split('\n').length - 1;
      const [behind = ''] = rest.slice(end + 1).split('\n', 1);
      if (!/^\s*(#|$)/.test(behind)) faults.push({ line: at + 1, hint: behindQuote });
    } else if (/\\$/.test(value) && !/^[A-Za-z]:\\\S*$/.test(value)) {
      // A shell's command goes on so; a folder of Windows may end so.
      faults.push({ line: at + 1, hint: backslash });
    }
  }
  const doubled = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return { faults, doubled: [...doubled] };
}
