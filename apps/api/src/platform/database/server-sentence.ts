/** The driver's own words for this, which name nothing that an operator knows. */
const lacksPassword = /^SASL: .*client password must be a (non-empty )?string/;

/** What the database itself said, for an operator: `SQLSTATE: sentence`. Never a statement or its values. */
export function serverSentence(error: unknown): string {
  let said = String(error);
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    // Node's error for a name with several addresses; each of them failed alike.
    if (at instanceof AggregateError && at.errors.length > 0) return serverSentence(at.errors[0]);
    const { originalCode, originalMessage, code, message, kind } = at as Record<string, unknown>;
    // Prisma's adapters keep what the driver said in a plain object, or only its kind (DatabaseNotReachable).
    if (typeof originalMessage === 'string') return joined(originalCode, originalMessage);
    if (typeof message === 'string' && message !== '') said = joined(code, message);
    else if (typeof kind === 'string') said = kind;
    else if (typeof code === 'string') said = code;
  }
  return said;
}

function joined(code: unknown, message: string): string {
  const line = message.split('\n', 1)[0]?.trim() ?? '';
  if (lacksPassword.test(line)) return 'the server asks for a password, and DATABASE_URL has none';
  return typeof code === 'string' && !line.includes(code) ? `${code}: ${line}` : line;
}
