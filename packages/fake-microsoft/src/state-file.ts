import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JWK } from 'jose';
import type { FakeState, RefreshToken } from './world.ts';

const formatVersion = 1;
const writeDelay = 300;

interface StoredState {
  version: number;
  signingKey: JWK;
  state: Omit<FakeState, 'refreshTokens'> & { refreshTokens: RefreshToken[] };
}

export interface LoadedState {
  signingKey: JWK;
  state: FakeState;
}

/**
 * Reads a state file.
 * @returns null where there is none, or it is unusable: then `warn` gets the reason, and the fake starts fresh
 */
export function loadState(file: string, warn: (message: string) => void): LoadedState | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) warn(`The state file ${file} of the fake Microsoft 365 cannot be read; it starts fresh.`);
    return null;
  }
  try {
    const stored: unknown = JSON.parse(text);
    if (!isStoredState(stored)) throw new Error('unexpected shape');
    const { refreshTokens, ...rest } = stored.state;
    return {
      signingKey: stored.signingKey,
      state: { ...rest, refreshTokens: new Map(refreshTokens.map((token) => [token.value, token])) },
    };
  } catch {
    warn(`The state file ${file} of the fake Microsoft 365 is damaged; it starts fresh.`);
    return null;
  }
}

export interface StateWriter {
  /** Writes soon; several calls share one write. */
  schedule(): void;
  /** Writes now if a write is pending. */
  flush(): void;
}

/** Writes the state atomically: readers see the old file or the new one, never a mixture. */
export function openStateWriter(file: string, read: () => LoadedState, warn: (message: string) => void): StateWriter {
  let timer: NodeJS.Timeout | null = null;
  const write = () => {
    timer = null;
    const { signingKey, state } = read();
    const stored: StoredState = {
      version: formatVersion,
      signingKey,
      state: { ...state, refreshTokens: [...state.refreshTokens.values()] },
    };
    const draft = `${file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(draft, JSON.stringify(stored), { mode: 0o600 });
      renameSync(draft, file);
    } catch {
      warn(`The state file ${file} of the fake Microsoft 365 could not be written.`);
    }
  };
  return {
    schedule() {
      timer ??= setTimeout(write, writeDelay).unref();
    },
    flush() {
      if (timer === null) return;
      clearTimeout(timer);
      write();
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

// Only the fake writes this file, so checking the outline suffices to detect damage.
function isStoredState(value: unknown): value is StoredState {
  if (!isRecord(value) || value.version !== formatVersion || !isRecord(value.signingKey) || !isRecord(value.state))
    return false;
  const state = value.state;
  const records = [
    'tenant',
    'app',
    'mailboxes',
    'mailCounters',
    'consents',
    'tokensValidFrom',
    'accessTokensValidFrom',
    'sessions',
  ];
  return (
    records.every((key) => isRecord(state[key])) &&
    Array.isArray(state.users) &&
    state.users.every(isRecord) &&
    Array.isArray(state.refreshTokens) &&
    state.refreshTokens.every((token) => isRecord(token) && typeof token.value === 'string') &&
    typeof state.liveSequence === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
