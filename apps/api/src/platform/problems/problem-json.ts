import { stageOf } from '@argus/contract/errors/compose';
import { catalogueEntry, type ErrorCode } from '@argus/contract/errors/error-catalogue';
import { fieldErrors } from '@argus/contract/errors/field-errors';
import { httpStatusReason } from '@argus/contract/errors/http-status-reason';
import { likeliestFirst } from '@argus/contract/errors/likeliest-first';
import { type Affected, mendPath } from '@argus/contract/errors/mend-path';
import type { Problem } from '@argus/contract/errors/problem';
import { fillText, type Language } from '@argus/contract/language';
import { present } from '@argus/fields/present';
import type { ErrorParams, FieldError } from './app-error.ts';

/** An error as it occurred, whether from a request or from the error log. */
export interface ErrorOccurrence {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly fields?: readonly FieldError[] | undefined;
  /** As stored; absent for errors that are not stored. */
  readonly errorId?: string | undefined;
  readonly occurredAt: Date;
  /** Whose error it is, under the present name; absent where it is not known, or the account is gone. */
  readonly affected?: Affected | null | undefined;
}

const differenceLabels = {
  scheme: { ja: 'http と https の違い', en: 'http instead of https' },
  port: { ja: 'ポートの違い', en: 'a different port' },
  trailing_dot: { ja: '末尾のドットの違い', en: 'a trailing dot' },
  sibling_host: { ja: 'よく似たホスト名', en: 'a similar host name' },
  inactive: { ja: '登録されているサイト（無効）', en: 'this site is registered but not active' },
  spelling: { ja: 'つづりの違い', en: 'a different spelling' },
} as const;

/**
 * The problem JSON of an error (RFC 9457) in one language, for one kind of reader. Anyone but an administrator gets
 * no cause, place, remedy or upstream ids.
 */
export function toProblem(error: ErrorOccurrence, language: Language, forAdmin: boolean): Problem {
  const entry = catalogueEntry(error.code);
  const { params } = error;
  const evidence = { suffix: params.suffix, origin: params.origin, account: error.affected };
  const values = {
    ...params,
    reason: params.status === undefined ? '' : httpStatusReason(params.status)[language],
  };
  const lines = entry.message[language].map((line) => fillText(line, values).trim());
  const retryAfter = params.retryAfterSeconds ?? entry.retryAfterSeconds;
  const occurredAt = error.occurredAt.toISOString();
  const problem: Problem = {
    type: `/errors/${error.code}`,
    title: lines[0] ?? error.code,
    status: entry.status,
    detail: lines.join('\n'),
    code: error.code,
    lines,
    retry:
      entry.retry === 'later' && retryAfter !== undefined
        ? {
            kind: 'later',
            afterSeconds: retryAfter,
            notBefore: new Date(error.occurredAt.getTime() + retryAfter * 1000).toISOString(),
          }
        : { kind: entry.retry },
    occurredAt,
  };
  if (error.errorId !== undefined) {
    problem.errorId = error.errorId;
    problem.helpDeskText = helpDeskText(error, lines, language);
  }
  if (params.linkedAccount !== undefined && params.authorizedAccount !== undefined) {
    problem.accounts = { linked: params.linkedAccount, authorized: params.authorizedAccount };
  }
  if (error.fields) {
    problem.fields = error.fields.map(({ field, code, values: fill }) => ({
      field,
      code,
      message: fillText(fieldErrors[code][language], fill ?? {}),
    }));
  }
  if (forAdmin && (entry.causes.length > 0 || params.upstream !== undefined)) {
    problem.admin = {
      ...present({ row: entry.row }),
      stage: stageOf(entry),
      causes: likeliestFirst(entry.causes, params.known).map((cause) => ({
        condition: cause.condition[language],
        ...(cause.place ? { place: cause.place[language] } : {}),
        remedy: cause.remedy[language],
        ...(cause.mendAt ? { mendAt: mendPath(cause.mendAt, evidence) } : {}),
        menders: [...cause.menders],
      })),
      ...present({ origin: params.origin }),
      ...(params.nearMisses === undefined
        ? {}
        : {
            nearMisses: params.nearMisses.map(({ origin, difference }) => ({
              origin,
              difference,
              label: nearMissLabel(difference, language),
            })),
          }),
      ...present({ secretExpiresOn: params.expiresOn, upstream: params.upstream }),
    };
  }
  return problem;
}

/** How a registered site nearly matches a blocked one, in words. */
export function nearMissLabel(difference: string, language: Language): string {
  return Object.hasOwn(differenceLabels, difference)
    ? differenceLabels[difference as keyof typeof differenceLabels][language]
    : difference;
}

/** Control characters and bidirectional marks: a remote value must not look like a line of ours. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

function helpDeskText(error: ErrorOccurrence, lines: readonly string[], language: Language): string {
  const ja = language === 'ja';
  const zone = { timeZone: 'Asia/Tokyo', dateStyle: 'medium', timeStyle: 'long' } as const;
  const text = [
    ...lines,
    `${ja ? 'コード' : 'Code'}: ${error.code}`,
    `${ja ? 'エラーID' : 'Error ID'}: ${error.errorId}`,
    `${ja ? '発生日時' : 'Time'}: ${new Intl.DateTimeFormat(ja ? 'ja-JP' : 'en-GB', zone).format(error.occurredAt)}`,
  ];
  if (error.params.suffix !== undefined)
    text.push(`${ja ? '認証プロバイダURL接尾辞' : 'URL suffix'}: ${error.params.suffix}`);
  if (error.params.host !== undefined) text.push(`${ja ? '接続先' : 'Host'}: ${error.params.host}`);
  const { linkedAccount, authorizedAccount } = error.params;
  const isNamed = authorizedAccount !== undefined && lines.some((line) => line.includes(authorizedAccount));
  if (linkedAccount !== undefined && authorizedAccount !== undefined && !isNamed) {
    text.push(`${ja ? '設定されているアカウント' : 'Assigned account'}: ${linkedAccount}`);
    text.push(`${ja ? '認証されたアカウント' : 'Authorized account'}: ${authorizedAccount}`);
  }
  return text.map((line) => line.replace(unprintable, '')).join('\n');
}
