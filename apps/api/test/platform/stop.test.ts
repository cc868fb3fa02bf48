import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { applyMigrations, readMigrationStates } from '../../src/platform/database/migrate.ts';
import { openDatabase } from '../../src/platform/database/open-database.ts';
import { openPglite } from '../../src/platform/database/open-pglite.ts';
import { createPgliteAdapter } from '../../src/platform/database/pglite-adapter.ts';
import { listenForStop, StopAsked } from '../../src/platform/stop.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { adminUrl, giveDatabase } from '../support/postgres-server.ts';

function listening() {
  const process = new EventEmitter();
  const stop = listenForStop((event, listener) => process.on(event, listener));
  return { stop, signal: (name: string) => process.emit(name) };
}

describe('a stop', () => {
  it('ops T29: is asked for by any of the signals, or by a launcher that goes', () => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT', 'disconnect']) {
      const { stop, signal } = listening();
      signal(name);
      expect(stop.asked.reason).toMatchObject({ name: 'StopAsked', by: name });
    }
  });

  it('ops T29: is urged by a signal a second later, not by those of the same press', () => {
    vi.useFakeTimers();
    try {
      const { stop, signal } = listening();
      signal('SIGINT');
      signal('SIGTERM');
      vi.advanceTimersByTime(900);
      signal('SIGTERM');
      expect(stop.urged.aborted).toBe(false);
      vi.advanceTimersByTime(200);
      signal('SIGTERM');
      expect(stop.urged.aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ops T29: waits for the migration that runs, begins no other, and leaves none unfinished', async () => {
    const pglite = await openPglite();
    try {
      const { stop, signal } = listening();
      const factory = createPgliteAdapter(pglite);
      let scripts = 0;
      const asking: typeof factory = {
        ...factory,
        connect: async () => {
          const adapter = await factory.connect();
          return Object.assign(Object.create(adapter), {
            executeScript: async (script: string) => {
              scripts += 1;
              if (scripts === 2) {
                expect(stop.isHeld()).toBe(true);
                signal('SIGTERM');
              }
              return adapter.executeScript(script);
            },
          }) as typeof adapter;
        },
      };
      await expect(applyMigrations(asking, { stop })).rejects.toBeInstanceOf(StopAsked);
      expect(stop.isHeld()).toBe(false);
      const states = (await readMigrationStates(factory)).map(({ state }) => state);
      expect(states.slice(0, 3)).toEqual(['applied', 'applied', 'pending']);
      expect(new Set(states)).toEqual(new Set(['applied', 'pending']));
    } finally {
      await pglite.close();
    }
  });

  it.runIf(adminUrl)('ops T29: does not wait for the migration of another instance', async () => {
    const given = await giveDatabase();
    const holder = new pg.Client(given.url());
    await holder.connect();
    try {
      await holder.query('BEGIN; SELECT pg_advisory_xact_lock(4177115)');
      const { stop, signal } = listening();
      const opening = openDatabase({ kind: 'postgres', url: given.url() }, { stop });
      const waits = async () =>
        expect(
          await given.admin(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = '${given.name}')`),
        ).toHaveLength(1);
      await vi.waitFor(waits, { timeout: 5_000 });
      const since = performance.now();
      signal('SIGTERM');
      await expect(opening).rejects.toBeInstanceOf(StopAsked);
      expect(performance.now() - since).toBeLessThan(1_000);
    } finally {
      await holder.end();
      await given.close();
    }
  });

  it.runIf(adminUrl)(
    'ops T29: asked for in the middle of the migrations, ends the opening, and the next goes on',
    async () => {
      const given = await giveDatabase();
      try {
        await given.admin(`GRANT CREATE ON SCHEMA public TO ${given.role}`);
        const { stop, signal } = listening();
        // The engine's own statements are the only ones that a stop finds here.
        const hold: typeof stop.hold = (work) => {
          setTimeout(() => signal('SIGTERM'), 5);
          return stop.hold(work);
        };
        await expect(
          openDatabase({ kind: 'postgres', url: given.url() }, { stop: { ...stop, hold } }),
        ).rejects.toBeInstanceOf(StopAsked);
        const { server } = await given.open();
        expect(server?.applied.length).toBeGreaterThan(0);
      } finally {
        await given.close();
      }
    },
  );

  it.runIf(adminUrl)('ops T29: does not wait for a server that is silent', async () => {
    const given = await giveDatabase();
    const server = new URL(adminUrl);
    const proxy = await startFlakyProxy(server.hostname, Number(server.port || 5432));
    try {
      proxy.freeze();
      const { stop, signal } = listening();
      const url = given.url('', proxy.port);
      const opening = openDatabase({ kind: 'postgres', url, connectionTimeoutMs: 30_000 }, { stop });
      const ended = expect(opening).rejects.toBeInstanceOf(StopAsked);
      await sleep(100);
      const since = performance.now();
      signal('SIGINT');
      await ended;
      expect(performance.now() - since).toBeLessThan(5_000);
    } finally {
      proxy.thaw();
      await proxy.down();
      await given.close();
    }
  });
});
