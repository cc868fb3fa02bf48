/** What the database itself said, for an operator: `SQLSTATE: sentence`. Never a statement or its values. */
export function serverSentence(error: unknown): string {
  for (let at = error; at instanceof Error || isPlain(at); at = (at as { cause?: unknown }).cause) {
    const { originalCode, originalMessage, code, message } = at as Record<string, unknown>;
    // Prisma's adapters keep what the driver said in a plain object.
    if (typeof originalMessage === 'string') return joined(originalCode, originalMessage);
    if (at instanceof AggregateError && at.errors.length > 0) return serverSentence(at.errors[0]);
    const isInnermost = (at as { cause?: unknown }).cause === undefined;
    if (isInnermost) return joined(code, typeof message === 'string' ? message : '');
  }
  return String(error);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function joined(code: unknown, message: string): string {
  const line = message.split('\n', 1)[0]?.trim() ?? '';
  if (typeof code !== 'string' || line.includes(code)) return line;
  return line === '' ? code : `${code}: ${line}`;
}
