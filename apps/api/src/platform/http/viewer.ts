import type { Language } from '@argus/contract/language';
import type { FastifyRequest } from 'fastify';
import type { Alongside, FoundAlong } from '../database/prepared-reads.ts';
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
  interface FastifyContextConfig {
    alongside?: Alongside;
  }
  interface FastifyRequest {
    viewer: Viewer | null;
    /**
     * What the route's `alongside` has read, in the same statement as the session and its account. It says what was true when the
     * head of the request had arrived: a handler uses it before it waits for anything.
     */
    along: FoundAlong | null;
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
