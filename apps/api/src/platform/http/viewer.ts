import type { Language } from '@argus/contract/language';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../problems/app-error.ts';

/** Who is signed in. */
export interface Viewer {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: 'user' | 'admin';
  readonly language: Language | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    viewer: Viewer | null;
    /** The language of replies: the account's, else the browser's, else Japanese. */
    language: Language;
    /** The code of the last problem of this request, for the log. */
    problemCode: string | null;
    /**
     * Checks again whether the signed-in user's right still stands, after a long wait within the request.
     * @throws AppError session_missing
     */
    requireStanding(): Promise<void>;
  }
}

/** The signed-in user, in routes that only signed-in users reach. */
export function viewerOf(request: FastifyRequest): Viewer {
  if (!request.viewer) throw new AppError('session_missing');
  return request.viewer;
}
