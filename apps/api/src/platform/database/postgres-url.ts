import { isLoopbackHost } from '../loopback-host.ts';
import { shownPlainly, shownValue } from '../shown.ts';

/** What is wrong with a DATABASE_URL, as a sentence in each language; it never quotes a password. */
export interface UrlFault {
  readonly ja: string;
  readonly en: string;
}

const begin = /^postgres(ql)?:\/\//i;

/** The parameters that Argus or node-postgres reads, as it compares them. */
const parameters = new Set([
  ...['host', 'port', 'user', 'password', 'schema', 'options', 'client_encoding', 'binary', 'replication'],
  ...['ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat'],
  ...['application_name', 'fallback_application_name'],
  ...['statement_timeout', 'query_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'],
]);

/** Why `text` cannot be the URL of a PostgreSQL database; undefined where it can. */
export function databaseUrlFault(text: string): UrlFault | undefined {
  if (!begin.test(text)) {
    return {
      ja: 'DATABASE_URL は postgres://利用者:パスワード@ホスト:5432/データベース の形にしてください。',
      en: 'DATABASE_URL must have the form postgres://user:password@host:5432/database.',
    };
  }
  const authority = text.replace(begin, '').split(/[/?#]/, 1)[0] ?? '';
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) {
    return {
      ja: 'DATABASE_URL に指定できるホストは1つです。フェイルオーバーには、切り替え先を指すDNS名か仮想IP、またはプロキシ (HAProxy、PgBouncer) を指定してください。',
      en: 'DATABASE_URL can name only one host. For failover, use a DNS name, a virtual address or a proxy that leads to the primary.',
    };
  }
  const url = parsed(text);
  // An unescaped # / or ? in a password ends the host part early, and leaves the @ behind it.
  const isCut = (given: URL) => `${given.pathname}${given.pathname.length < 2 ? given.search : ''}`.includes('@');
  if (url?.hash !== '' || isCut(url)) {
    return {
      ja: 'DATABASE_URL を読み取れません。パスワードの # / ? @ % などの記号は %23 %2F %3F %40 %25 のように書いてください。',
      en: 'DATABASE_URL cannot be read. In a password, write # / ? @ % as %23 %2F %3F %40 %25.',
    };
  }
  // The server or the resolver would repeat the password as the name of a role or a host.
  if (/%3a/i.test(url.username) || /%40/.test(url.hostname)) {
    return {
      ja: 'DATABASE_URL を読み取れません。利用者とパスワードの間の : と、ホストの前の @ は、%3A や %40 にせずそのまま書いてください。',
      en: 'DATABASE_URL cannot be read. Write the : after the user and the @ before the host as they are, not as %3A and %40.',
    };
  }
  if (url.pathname.length < 2) {
    return {
      ja: 'DATABASE_URL にデータベース名がありません。postgres://…@ホスト:5432/データベース の形にしてください。',
      en: 'DATABASE_URL names no database: write postgres://…@host:5432/database.',
    };
  }
  // No name of a database has it as it is; a lost line break puts the next setting there, and every sentence names it.
  if (url.pathname.includes('=')) {
    return {
      ja: 'DATABASE_URL のデータベース名に = があります。改行が抜けて次の設定とつながっていないか確認してください (名前の一部なら %3D)。',
      en: 'The database name in DATABASE_URL contains a =. A line break may be missing before the next setting (in a name, write %3D).',
    };
  }
  const miswritten = [...url.searchParams.keys()].find(
    (name) => !parameters.has(name) && parameters.has(name.toLowerCase()),
  );
  if (miswritten !== undefined) {
    const right = miswritten.toLowerCase();
    return {
      ja: `DATABASE_URL のパラメーター ${miswritten} は、小文字で ${right} と書いてください。このままでは無視されます。`,
      en: `The parameter ${miswritten} of DATABASE_URL must be written ${right}. As written, it would be ignored.`,
    };
  }
  const schema = url.searchParams.get('schema');
  if (schema !== null && !/^[^\0"]{1,63}$/.test(schema)) {
    return {
      ja: 'DATABASE_URL の schema は1つのスキーマ名です。',
      en: 'schema in DATABASE_URL must be the name of one schema.',
    };
  }
  return undefined;
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** What stands behind the `?` of a DATABASE_URL and does nothing, such as what only Prisma's engines read. */
function idleParameters(text: string): readonly string[] {
  const names = new Set(parsed(text)?.searchParams.keys());
  return [...names].filter((name) => !parameters.has(name));
}

/** The sentence about them; undefined where there are none. */
export function idleParametersWarning(text: string): UrlFault | undefined {
  const names = idleParameters(text).map((name) => shownValue(name, 'identifier'));
  if (names.length === 0) return undefined;
  return {
    ja: `DATABASE_URL のパラメーター ${names.map(({ ja }) => ja).join('、')} は使用されません。`,
    en: `Argus does not use these parameters of DATABASE_URL: ${names.map(({ en }) => en).join(', ')}.`,
  };
}

/** The location of a database, without user and password: `host:port/name`. */
export function placeOf(text: string): string {
  const url = parsed(text);
  if (!url) return 'DATABASE_URL';
  const host = url.searchParams.get('host') ?? (url.hostname || 'localhost');
  const port = url.searchParams.get('port') ?? (url.port || '5432');
  const name = shownPlainly(url.pathname.slice(1), 'identifier');
  return `${shownPlainly(host, host.startsWith('/') ? 'file' : 'address')}:${shownPlainly(port, 'word')}/${name}`;
}

/** The schema that the URL asks for, as Prisma's URLs do; undefined: the first of the role's search path. */
export function schemaIn(text: string): string | undefined {
  return parsed(text)?.searchParams.get('schema') ?? undefined;
}

/** Whether the database is on this machine: nothing that it sends crosses a network. */
function isLocal(text: string): boolean {
  const url = parsed(text);
  const host = url?.searchParams.get('host') ?? url?.hostname ?? '';
  // The folder of a Unix socket stands percent-encoded in the place of the host.
  const name = host.replace(/^\[|\]$/g, '').replace(/^%2f/i, '/');
  return name === '' || name.startsWith('/') || isLoopbackHost(name);
}

/** Whether what Argus sends to the database crosses a network as it is. */
export function isPlain(text: string, isEncrypted: boolean): boolean {
  return !isEncrypted && !isLocal(text);
}

/**
 * The URL for node-postgres: without what only Argus reads, and with the name of what node-postgres really does
 * (`require` verifies the certificate like `verify-full`), which saves a warning of its own.
 */
export function driverUrl(text: string): string {
  const url = parsed(text);
  if (!url) return text;
  const { searchParams } = url;
  const mode = searchParams.get('sslmode');
  const schema = searchParams.get('schema');
  const isAlias =
    searchParams.get('uselibpqcompat') === null && ['prefer', 'require', 'verify-ca'].includes(mode ?? '');
  if (!isAlias && schema === null) return text;
  if (isAlias) searchParams.set('sslmode', 'verify-full');
  searchParams.delete('schema');
  return url.href;
}
