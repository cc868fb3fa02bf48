import { type Purpose, purposes } from './labels.ts';

/** A public code: `mail_secret_wrong`. Errors of Argus itself have no purpose: `session_missing`. */
export type CodeOf<N extends Purpose, K extends string> = N extends 'portal' ? K : `${N}_${K}`;

/** The only place that makes public codes. All of them are written out in codes.ts. */
export function codeOf<N extends Purpose, K extends string>(purpose: N, cause: K): CodeOf<N, K> {
  return (purpose === 'portal' ? cause : `${purpose}_${cause}`) as CodeOf<N, K>;
}

/** The cause in a public code, for whatever purpose. */
export function causeOf(code: string): string {
  const purpose = purposes.find((each) => code.startsWith(`${each}_`));
  return purpose === undefined ? code : code.slice(purpose.length + 1);
}
