import type { FieldErrorCode } from '@argus/contract/errors/field-errors';
import { canonicalOrigin, type OriginProblem } from '@argus/egress/canonical-origin';
import { type FieldError, invalidFields } from '../problems/app-error.ts';

/** Validates the fields of one form. A refused field returns a stand-in, as the whole form is then discarded. */
export interface Form {
  /** Refuses a field. Only the first fault of a field is reported. */
  refuse(field: string, code: FieldErrorCode, values?: FieldError['values']): void;
  /** One line of text, trimmed. Empty text is refused. */
  requiredText(field: string, text: string): string;
  /** One line of text, trimmed; null where it is empty. */
  optionalText(field: string, text: string | null): string | null;
  /** Several lines of text. */
  multilineText(field: string, text: string): string;
  integer(field: string, value: number, range: { min: number; max: number; also?: number }): number;
  /** An http(s) URL. Empty text is refused. */
  url(field: string, text: string): FormUrl | undefined;
}

export interface FormUrl {
  /** scheme://host[:port] in canonical form; an internationalised name in punycode. */
  readonly origin: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Path and query, starting with `/`. */
  readonly path: string;
  /** The URL as it would be called. */
  readonly url: string;
  /** The text as typed, trimmed. */
  readonly typed: string;
}

/** Control characters, unpaired surrogates and bidirectional marks. */
export const forbiddenInLine = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const forbiddenInLines = /[^\P{Cc}\n\r\t]|[\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const longestUrl = 2000;
/**
 * A name of DNS labels, or an address. The URL parser also accepts `*` and other punctuation, which somebody could
 * mean as a wildcard.
 */
const hostName = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)$/;

const byOriginProblem: Readonly<Record<OriginProblem, FieldErrorCode>> = {
  malformed: 'url_malformed',
  too_long: 'too_long',
  scheme: 'url_scheme',
  userinfo: 'url_userinfo',
  control_characters: 'control_characters',
  whitespace: 'url_malformed',
  backslash: 'url_malformed',
  percent_encoded_host: 'url_malformed',
};

/**
 * Reads a whole form.
 * @throws AppError request_invalid, which names every invalid field
 */
export function readForm<T>(read: (form: Form) => T): T {
  const faults = new Map<string, FieldError>();
  const refuse: Form['refuse'] = (field, code, values) => {
    if (!faults.has(field)) faults.set(field, values === undefined ? { field, code } : { field, code, values });
  };
  const optionalText: Form['optionalText'] = (field, text) => {
    const trimmed = (text ?? '').trim();
    if (forbiddenInLine.test(trimmed)) refuse(field, 'control_characters');
    return trimmed === '' ? null : trimmed;
  };
  const requiredText: Form['requiredText'] = (field, text) => {
    const read = optionalText(field, text);
    if (read === null) refuse(field, 'required');
    return read ?? '';
  };
  const form: Form = {
    refuse,
    optionalText,
    requiredText,
    multilineText(field, text) {
      if (forbiddenInLines.test(text)) refuse(field, 'control_characters');
      return text.trim();
    },
    integer(field, value, { min, max, also }) {
      if (value === also || (value >= min && value <= max)) return value;
      if (also === undefined) refuse(field, 'number_range', { min, max });
      else refuse(field, 'number_range_or', { min, max, also });
      return value;
    },
    url(field, text) {
      const typed = requiredText(field, text);
      if (typed === '') return undefined;
      const read = canonicalOrigin(typed);
      if (!read.ok) {
        // Without "word:" in front, the scheme was forgotten; with digits after it, it is host:port.
        const named = read.reason === 'scheme' && !/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(typed) ? 'malformed' : read.reason;
        refuse(field, byOriginProblem[named], { max: longestUrl });
        return undefined;
      }
      if (typed.includes('#')) {
        refuse(field, 'url_fragment');
        return undefined;
      }
      const { origin, scheme, host, path } = read;
      if (!hostName.test(host)) {
        refuse(field, 'url_malformed');
        return undefined;
      }
      return { origin, scheme, host, path, url: `${origin}${path}`, typed };
    },
  };
  const value = read(form);
  if (faults.size > 0) throw invalidFields([...faults.values()]);
  return value;
}
