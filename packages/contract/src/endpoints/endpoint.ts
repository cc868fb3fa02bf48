import type { TSchema } from 'typebox';
import type { AuditAction } from '../audit-actions.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** Who may call an endpoint. */
export type Access = 'public' | 'user' | 'admin';

/**
 * One endpoint of the API, declared once and imported on both sides. Its key in the map is "METHOD /path". Every
 * endpoint may also answer `session_missing`, `access_denied`, `request_invalid` and `internal_error`.
 */
export interface Endpoint {
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Media type of a body that is not JSON; it has no schema. */
  readonly consumes?: 'application/octet-stream';
  /** Media type of a successful reply that is not JSON. */
  readonly produces?: 'text/csv';
  /** Reply schemas by status. */
  readonly replies: Readonly<Record<number, TSchema>>;
  readonly errors?: readonly ErrorCode[];
  readonly audit?: AuditAction;
}
