import type { Lines } from '../language.ts';
import { type ErrorCode, errorCodes } from './codes.ts';
import { stageOf } from './compose.ts';
import type { CatalogueEntry, GuideRow, MatchRule, MicrosoftCall, Retry } from './entry.ts';
import { catalogueEntry } from './error-catalogue.ts';
import type { Purpose, Stage } from './labels.ts';
import { matchLabels } from './match-labels.ts';
import { type SignInPage, signInPages } from './sign-in-pages.ts';
import { synonymsOf } from './synonyms.ts';

/** One entry of エラー辞典. */
export interface DictionaryEntry {
  readonly code: string;
  /** argus: shown by Argus. sign_in_page: shown by Microsoft's own page, which never returns to Argus. */
  readonly kind: 'argus' | 'sign_in_page';
  readonly row: string | null;
  /** The purpose, by its name in the API. */
  readonly area: Purpose;
  /** Purpose and call, as the API's one word for both. */
  readonly stage: Stage;
  /** The HTTP status of Argus' reply; null where Argus does not reply. */
  readonly status: number | null;
  readonly retry: Retry;
  readonly message: Lines;
  readonly causes: readonly GuideRow[];
  readonly rules: readonly MatchRule[];
  /** It is the fallback of these calls: anything that no entry's rule recognises. */
  readonly catchesAll: readonly MicrosoftCall[];
  /** The facts that identify it, as people see them. */
  readonly matches: readonly string[];
  /** What people call it, besides its texts. */
  readonly synonyms: readonly string[];
}

function fromCatalogue(code: ErrorCode): DictionaryEntry {
  const entry: CatalogueEntry = catalogueEntry(code);
  return {
    code,
    kind: 'argus',
    row: entry.row ?? null,
    area: entry.purpose,
    stage: stageOf(entry),
    status: entry.status,
    retry: entry.retry,
    message: entry.message,
    causes: entry.causes,
    rules: entry.match ?? [],
    catchesAll: entry.catchesAll ?? [],
    matches: matchLabels(entry.match ?? []),
    synonyms: synonymsOf(code),
  };
}

function fromSignInPage(code: string, { aadsts, message, causes }: SignInPage): DictionaryEntry {
  return {
    code,
    kind: 'sign_in_page',
    row: null,
    area: 'authorization',
    stage: 'redirect',
    status: null,
    retry: 'no',
    message,
    causes,
    rules: [],
    catchesAll: [],
    matches: matchLabels([{ call: 'authorize', aadsts }]),
    synonyms: synonymsOf(code),
  };
}

/** エラー辞典: the catalogue, followed by what only Microsoft's own sign-in pages show. */
export const errorDictionary: readonly DictionaryEntry[] = [
  ...errorCodes.map(fromCatalogue),
  ...Object.entries(signInPages).map(([code, page]) => fromSignInPage(code, page)),
];
