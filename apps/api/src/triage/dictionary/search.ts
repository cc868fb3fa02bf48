import type { DictionaryEntry } from '@argus/contract/errors/error-dictionary';
import { ruleLabels } from '@argus/contract/errors/match-labels';
import { type Language, languages } from '@argus/contract/language';
import { foldText, squeezeText } from './fold-text.ts';

/**
 * The entries that match a query, best first; an empty query returns all, in catalogue order. A query is whatever
 * people have at hand: a code or part of it, AADSTS numbers, a Graph code, an OAuth error, an HTTP status, a network
 * code, a row of the customer's table, words of either language, a message as shown on screen, a whole help-desk
 * text, or a whole reply of Microsoft Entra.
 * @param language whose words rank before those of the other language
 */
export function searchCatalogue(
  entries: readonly DictionaryEntry[],
  query: string,
  language: Language,
): readonly DictionaryEntry[] {
  const text = foldText(query).trim();
  if (text === '') return entries;
  const clues = readClues(text);
  return entries
    .map((entry) => {
      const prepared = prepare(entry);
      return { entry, byClue: scoreByClues(prepared, clues), byWords: scoreByWords(prepared, clues, language) };
    })
    .filter(({ byClue, byWords }) => byClue > 0 || byWords > 0)
    .sort((a, b) => b.byClue - a.byClue || b.byWords - a.byWords)
    .map(({ entry }) => entry);
}

interface Clues {
  readonly whole: string;
  readonly squeezed: string;
  /** All words of the query. */
  readonly words: readonly string[];
  /** The whole query, or the code in a help-desk text. */
  readonly code: string;
  /** Names in Latin letters, in text order: our codes, and those of Graph, OAuth and the network. */
  readonly names: readonly string[];
  /** Lower case, as 'aadsts50012'; the most specific first. */
  readonly aadsts: readonly string[];
  /** The HTTP status in the query. */
  readonly status: string | undefined;
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

function readClues(text: string): Clues {
  const words = [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  // は, が, ありません: function words carry no meaning, so they count only where there is nothing else.
  const telling = words.filter((word) => !/^[ぁ-ゖ]+$/.test(word));
  return {
    whole: text,
    squeezed: squeezeText(text),
    words: [...new Set(telling.length > 0 ? telling : words)],
    code: /(?:コード|code):\s*([a-z_]+)/.exec(text)?.[1] ?? text,
    names: text.match(/[a-z0-9_]+(?:-+[a-z0-9_]+)*/g) ?? [],
    aadsts: readAadsts(text),
    status: /^(?:http|status|エラ|error|:|\s)*([1-5]\d\d)(?!\d)/.exec(text)?.[1],
  };
}

/** Of several numbers in one reply the last is the most specific, both in the description and in `error_codes`. */
function readAadsts(text: string): readonly string[] {
  const described = Array.from(text.matchAll(/aadsts\W?(\d{4,8})/g), ([, number]) => number);
  const listed = Array.from(text.matchAll(/error_codes\W+((?:\d+\W+)+)/g), ([, list = '']) => list.match(/\d+/g) ?? []);
  const bare = Array.from(text.matchAll(/(?<![\w-])\d{5,8}(?![\w-])/g), ([number]) => number);
  const found = [...described.reverse(), ...listed.flat().reverse(), ...bare.reverse()];
  return [...new Set(found)].map((number) => `aadsts${number}`);
}

/** An entry, folded once for all searches. */
interface Prepared {
  readonly code: string;
  readonly row: string | undefined;
  /** The row of each cause, the most likely first; empty where it has none. */
  readonly causeRows: readonly string[];
  readonly status: string;
  readonly labels: readonly string[];
  readonly rules: readonly (readonly (readonly string[])[])[];
  /** Per language: the parts of the message between its braces, in order. */
  readonly spoken: readonly (readonly string[])[];
  readonly statusInMessage: string;
  readonly fields: Readonly<Record<Language, readonly Field[]>>;
}

interface Field {
  readonly weight: number;
  readonly folded: string;
  readonly squeezed: readonly string[];
}

const preparations = new WeakMap<DictionaryEntry, Prepared>();

function prepare(entry: DictionaryEntry): Prepared {
  const known = preparations.get(entry);
  if (known) return known;
  const { code, row, causes, status, matches, rules, message } = entry;
  const prepared: Prepared = {
    code,
    row: row === null ? undefined : foldText(row),
    causeRows: causes.map((cause) => foldText(cause.row ?? '')),
    status: String(status),
    labels: matches.map(foldText),
    rules: rules.map((rule) => ruleLabels(rule).map((group) => group.filter(isTellingName).map(foldText))),
    spoken: languages.map((language) => message[language].flatMap((line) => line.split(/\{\w+\}/)).map(squeezeText)),
    statusInMessage: /:([1-5]\d\d) /.exec(foldText(message.ja.at(-1) ?? ''))?.[1] ?? '',
    fields: { ja: fieldsOf(entry, 'ja'), en: fieldsOf(entry, 'en') },
  };
  preparations.set(entry, prepared);
  return prepared;
}

function fieldsOf(
  { code, row, matches, message, causes, synonyms }: DictionaryEntry,
  language: Language,
): readonly Field[] {
  const field = (weight: number, texts: readonly string[]): Field => {
    const folded = foldText(texts.join('\n'));
    return { weight, folded: `${folded}\n${withoutParticles(folded)}`, squeezed: texts.map(squeezeText) };
  };
  return [
    field(5, [code, row ?? '', ...matches]),
    field(4, message[language]),
    field(3.5, synonyms),
    field(
      3,
      causes.map(({ condition }) => condition[language]),
    ),
    field(
      2,
      causes.flatMap(({ place, remedy }) => [place?.[language] ?? '', remedy[language]]),
    ),
  ];
}

/** Makes 期限が切れ equal to 期限切れ. */
function withoutParticles(text: string): string {
  return text.replaceAll(/(?<=[\p{Script=Han}ァ-ヶー])[がをのにはでと](?=[\p{Script=Han}ァ-ヶ])/gu, '');
}

/** Other labels are also everyday words, or statuses, which queries express differently. */
function isTellingName(label: string): boolean {
  return !/^(HTTP .*|[a-z]+)$/.test(label);
}

/** How certainly a clue identifies this entry; 0 = not at all. */
function scoreByClues(entry: Prepared, clues: Clues): number {
  if (clues.code === entry.code) return 1000;
  const place = clues.aadsts.findIndex((number) => entry.labels.includes(number));
  if (place >= 0) return 900 - Math.min(place, 99);
  const spoken = Math.max(...entry.spoken.map((parts) => spokenLength(parts, clues.squeezed)));
  if (spoken > 0) return 800 + Math.min(spoken, 1000) / 20;
  const named = Math.max(0, ...entry.rules.map((rule) => scoreByNames(rule, clues.names)));
  if (named > 0) return named;
  // After Microsoft's names: access_denied is both theirs and ours.
  if (clues.names.includes(entry.code)) return 640;
  const row = scoreByRow(entry, clues.whole);
  if (row > 0) return row;
  return clues.status === undefined ? 0 : scoreByStatus(entry, clues.status);
}

/** The entry for the customer's own row ranks before those split off from it. */
function scoreByRow({ row, causeRows: [first, ...others] }: Prepared, asked: string): number {
  if (row === asked) return first === asked ? 630 : 620;
  return first === asked || others.includes(asked) ? 610 : 0;
}

/** The length of a message if the text contains it, with any values for its braces; otherwise 0. */
function spokenLength(parts: readonly string[], squeezed: string): number {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length < 8 || length > squeezed.length) return 0;
  let end = 0;
  for (const part of parts) {
    const start = squeezed.indexOf(part, end);
    if (start < 0) return 0;
    end = start + part.length;
  }
  return length;
}

/** A rule with every group named beats one with only some. Where several names match, the later, inner one decides. */
function scoreByNames(rule: Prepared['rules'][number], names: readonly string[]): number {
  const places = rule.map((group) => Math.max(-1, ...group.map((label) => names.lastIndexOf(label))));
  const met = places.filter((place) => place >= 0);
  if (met.length === 0) return 0;
  const inner = Math.max(...met) / names.length;
  return (met.length === rule.length ? 700 + 10 * rule.length : 660) + inner;
}

function scoreByStatus({ labels, statusInMessage, status }: Prepared, asked: string): number {
  if (labels.includes(`http ${asked}`)) return 540;
  if (statusInMessage === asked) return 530;
  if (labels.includes(`http ${asked.charAt(0)}xx`)) return 520;
  return status === asked ? 510 : 0;
}

/** How well an entry's own words match, in the best-matching language; 0 where a word of the query is missing. */
function scoreByWords(entry: Prepared, clues: Clues, preferred: Language): number {
  return Math.max(
    ...languages.map((language) => {
      const score = scoreByFields(entry.fields[language], clues);
      return score > 0 && language !== preferred ? score - 0.5 : score;
    }),
  );
}

function scoreByFields(fields: readonly Field[], { words, squeezed }: Clues): number {
  let sum = 0;
  for (const word of words) {
    const field = fields.find(({ folded }) => folded.includes(word));
    if (!field) return 0;
    sum += field.weight;
  }
  if (words.length === 0) return 0;
  const phrase = fields.find((field) => field.squeezed.some((part) => part.includes(squeezed)));
  return sum / words.length + (phrase?.weight ?? 0);
}
