import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { vi } from 'vitest';

/** Runs `work`, and returns the statements that this process sent to its database meanwhile. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const note = (first: unknown) => {
    const text = typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text);
    // What a new connection is set to.
    if (!text.startsWith('SET ')) sent.push(text);
  };
  // Not a client's `query`, which the pool replaces while it lends the client.
  const queries = pg.Query.prototype as unknown as { submit(connection: unknown): unknown };
  const { submit } = queries;
  const spies = [
    vi.spyOn(queries, 'submit').mockImplementation(function (this: { text: string }, connection) {
      note(this);
      return Reflect.apply(submit, this, [connection]);
    }),
    ...(['query', 'exec', 'transaction'] as const).map((name) => {
      const original = PGlite.prototype[name];
      return vi.spyOn(PGlite.prototype, name).mockImplementation(function (this: PGlite, ...call: unknown[]) {
        note(call[0]);
        return Reflect.apply(original, this, call);
      } as never);
    }),
  ];
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return sent;
}
