import type { ErrorCode } from '@argus/contract/errors/error-catalogue';
import type { FieldErrorCode } from '@argus/contract/errors/field-errors';
import type { Known } from '@argus/contract/errors/known';
import type { AdminDetail } from '@argus/contract/errors/problem';

/** Values for an error's texts and the administrator's details. Never a token, code or secret. */
export interface ErrorParams {
  /** scheme://host[:port] that was called or blocked. */
  readonly origin?: string;
  readonly host?: string;
  /** Mail addresses, separated by commas. */
  readonly recipients?: string;
  /** The origin at which browsers reach Argus. */
  readonly publicUrl?: string;
  /** 認証プロバイダURL接尾辞 */
  readonly suffix?: string;
  /** HTTP status of the upstream reply. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** The largest accepted file. */
  readonly limitMegabytes?: number;
  /** Salesforceアカウント of another administrator. */
  readonly username?: string;
  readonly linkedAccount?: string;
  readonly authorizedAccount?: string;
  readonly nearMisses?: readonly { readonly origin: string; readonly difference: string }[];
  readonly upstream?: AdminDetail['upstream'];
  /** The catalogue lacks Microsoft's answer: the code is the fallback for this kind of call. */
  readonly uncatalogued?: boolean;
  /** What Argus knew of its own settings: it orders the reasons. */
  readonly known?: readonly Known[];
  /** The date (2027-05-20) on which a consumer secret expires, and in how many days. */
  readonly expiresOn?: string;
  readonly days?: number;
}

/** One field that was refused. */
export interface FieldError {
  readonly field: string;
  readonly code: FieldErrorCode;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The application's only error: a catalogue code, the values for its texts, and the underlying cause. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly fields: readonly FieldError[] | undefined;

  constructor(
    code: ErrorCode,
    params: ErrorParams = {},
    options: { cause?: unknown; fields?: readonly FieldError[] } = {},
  ) {
    super(code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.fields = options.fields;
  }
}

/** Refuses a form: one error that names every invalid field. */
export function invalidFields(fields: readonly FieldError[]): AppError {
  return new AppError('request_invalid', {}, { fields });
}

/** Refuses values that another record has. */
export function takenFields(fields: readonly FieldError[]): AppError {
  return new AppError('value_taken', {}, { fields });
}
