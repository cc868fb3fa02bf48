import type { secretCauses } from '@argus/contract/errors/causes/client';
import type { tenantCauses } from '@argus/contract/errors/causes/tenant';
import type { tokenCauses } from '@argus/contract/errors/causes/token';
import type { ErrorCode, MicrosoftPurpose } from '@argus/contract/errors/error-catalogue';
import type { Problem } from '@argus/contract/errors/problem';
import { type CodeOf, codeOf } from '@argus/contract/errors/public-code';
import type { Control } from '@argus/fake-microsoft/control/control';
import { demoUsers } from '@argus/fake-microsoft/data/demo-company';
import { present } from '@argus/fields/present';
import type { Browser, TestArgus } from './build-app.ts';
import { taroUpn } from './linked-taro.ts';
import type { misconfigure } from './misconfigure.ts';
import { outcomeOf } from './read-outcome.ts';
import type { StagedProxy } from './stage-proxy.ts';

export const jiroUpn = demoUsers.jiro.userPrincipalName;

/** What a play can use. */
export interface Stage {
  readonly argus: TestArgus;
  readonly control: Control;
  readonly change: ReturnType<typeof misconfigure>;
  readonly admin: Browser;
  readonly user: Browser;
  /** Not used, until a play says so. */
  readonly proxy: StagedProxy;
}

/** One way to provoke an error: what Microsoft sends, or what an administrator does, never which code it becomes. */
export interface Play {
  readonly when: string;
  /** Before the user goes to Microsoft. */
  readonly before?: (stage: Stage) => unknown;
  /** Before the token endpoint or Graph is called. */
  readonly arrange?: (stage: Stage) => unknown;
  /** How the error is encountered, if not by authorizing or refreshing. */
  readonly meet?: (stage: Stage) => Promise<Problem>;
  /** What fills the message. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** The seconds that the reply asks to wait, if not the entry's. */
  readonly afterSeconds?: number;
  /** No catalogue entry matches what was sent. */
  readonly uncatalogued?: true;
  /** The user's refresh token does not survive it. */
  readonly endsGrant?: true;
  /** The access token has to be refreshed. */
  readonly atToken?: true;
}

/** How to provoke each error of a purpose. */
export type PlaysOf<P extends MicrosoftPurpose> = Readonly<
  Record<Extract<ErrorCode, `${P}_${string}`>, readonly Play[]>
>;
/** Causes at the token endpoint that all purposes have. */
export type SharedName = keyof typeof tokenCauses | keyof typeof secretCauses | keyof typeof tenantCauses;

/** The token endpoint answers in Entra's form. The first number is in the description, as at Entra. */
export function entra(
  status: number,
  error: string,
  numbers: readonly number[] = [],
  more: { suberror?: string; claims?: string; description?: string; retryAfter?: string } = {},
): Play {
  const { retryAfter, description, ...rest } = more;
  return {
    when: `the token endpoint answers ${[status, error, ...numbers, more.suberror ?? []].flat().join(' ')}`,
    arrange: ({ control }) =>
      control.addFault({
        target: 'token',
        kind: 'status',
        status,
        body: { error, error_codes: [...numbers], ...rest, ...(description ? { error_description: description } : {}) },
        ...present({ retryAfter }),
      }),
  };
}

interface GraphError {
  readonly innerCode?: string;
  readonly headers?: Record<string, string>;
  readonly retryAfter?: string;
  readonly message?: string;
}

/** Makes plays in which Graph answers this call with an error. */
export function graphAt(target: Parameters<Control['addFault']>[0]['target']) {
  return (status: number, code: string, { innerCode, message, ...rest }: GraphError = {}): Play => ({
    when: `Graph answers ${[status, code, innerCode ?? []].flat().join(' ')}`,
    arrange: ({ control }) =>
      control.addFault({
        target,
        kind: 'status',
        status,
        body: {
          code,
          message: message ?? 'As Graph words it.',
          ...(innerCode ? { innerError: { code: innerCode } } : {}),
        },
        ...rest,
      }),
  });
}

/** Microsoft redirects the browser with an error instead of a code. */
export function redirect(error: string, number?: number, subcode?: string): Play {
  return {
    when: `the redirect carries ${[error, number ?? [], subcode ?? []].flat().join(' ')}`,
    before: ({ control }) =>
      control.addFault({
        target: 'authorize',
        kind: 'redirectError',
        error,
        ...(number === undefined ? {} : { errorCodes: [number] }),
        ...present({ errorSubcode: subcode }),
      }),
  };
}

/** What an administrator or a user does. */
export function doing(when: string, arrange: (stage: Stage) => unknown, more: Omit<Play, 'when'> = {}): Play {
  return { when, arrange, ...more };
}

/** The user's code flow, from its start to what the outcome page shows. */
export async function authorize(stage: Stage, play: Play, upn = taroUpn): Promise<Problem> {
  await play.before?.(stage);
  const path = await stage.user.consent(upn);
  await play.arrange?.(stage);
  return problemAt(stage, path);
}

/** What the outcome page shows after this path of Argus. */
export async function problemAt({ user }: Stage, path: string): Promise<Problem> {
  const { problem } = await outcomeOf(user, await user.send('GET', path));
  if (!problem) throw new Error('the authorization was expected to fail');
  return problem;
}

/** The plays of one purpose, at the token endpoint unless they say otherwise: the cause `x` becomes `authorization_x`, `mail_x` … */
export function playsOf<A extends MicrosoftPurpose, N extends string>(
  purpose: A,
  plays: Readonly<Record<N, readonly Play[]>>,
  more: Pick<Play, 'atToken'> = { atToken: true },
): Record<CodeOf<A, N>, readonly Play[]> {
  const named = Object.entries<readonly Play[]>(plays).map(([name, list]) => [
    codeOf(purpose, name),
    list.map((play) => ({ ...play, ...more })),
  ]);
  return Object.fromEntries(named);
}
