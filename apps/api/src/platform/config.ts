import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databaseUrlFault } from './database/postgres-url.ts';
import { isProxyEntry } from './http/trusted-proxies.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { type OperatorsMail, readMail } from './mail-config.ts';
import { readWayOut, type WayOut } from './outbound-proxy-config.ts';
import { withSecretFiles } from './secret-files.ts';
import { isServiceLink, refuseSwallowed, refuseUnknown } from './setting-names.ts';
import { shownValue } from './shown.ts';

/** The configuration of Argus, read once from the environment. Only environment-file.ts reads process.env, too. */
export interface Config {
  readonly mode: 'demo' | 'production';
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** The origin at which browsers reach Argus: scheme://host[:port]. */
    readonly publicUrl: string;
    /** Addresses or ranges of the proxies in front, whose X-Forwarded-* headers are trusted. */
    readonly trustedProxies: readonly string[];
    /** How long Argus still answers after it was told to stop, with /readyz 503, so that balancers notice. */
    readonly drainSeconds: number;
  };
  readonly dataDir: string;
  readonly database:
    | { readonly kind: 'pglite'; readonly dataDir: string; readonly mayBeAhead?: boolean }
    | { readonly kind: 'postgres'; readonly url: string; readonly poolMax: number; readonly mayBeAhead?: boolean };
  /** The vault's keys; the first one seals, all of them open. */
  readonly vaultKeys: readonly VaultKeyConfig[];
  readonly egress: Partial<WayOut> & {
    /** Which addresses outside the public internet may be called. Production: none. */
    readonly privateNetwork: 'none' | 'loopback' | 'all';
  };
  /** Origins that may embed the portlet in an iframe (CSP frame-ancestors). */
  readonly frameAncestors: readonly string[];
  readonly metrics: {
    /** A bearer token that readers of /metrics must send; undefined = nobody may, except this machine in the demo. */
    readonly token: string | undefined;
  };
  /** The server and sender of alerts by mail; undefined: there is none. */
  readonly mail?: OperatorsMail | undefined;
  readonly log: { readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' };
  /** The addresses of the demo's fake Microsoft 365; only in demo mode. */
  readonly demo: { readonly loginUrl: string; readonly graphUrl: string } | undefined;
}

export interface VaultKeyConfig {
  readonly kid: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The configuration is invalid or incomplete. `faults` lists every fault, one sentence each in both languages. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `設定に誤りがあります。 / The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Collects faults. */
type Fault = (ja: string, en: string) => void;

/**
 * Reads the configuration, grouped and typed.
 * @throws ConfigError, which names every fault at once
 */
export function readConfig(given: Readonly<Record<string, string | undefined>> = process.env): Config {
  const faults: string[] = [];
  const fault: Fault = (ja, en) => faults.push(`${ja} / ${en}`);
  const { env, unread } = withSecretFiles(given, fault);
  // What else could be said of such an environment would only mislead.
  if (refuseSwallowed(env, fault)) throw new ConfigError(faults);
  const value = (name: string) => {
    const text = env[name]?.trim() ?? '';
    return text === '' || isServiceLink(name, text) ? undefined : text;
  };
  const meant = refuseUnknown(env, fault);
  /** Not set, while no other fault says why. */
  const isForgotten = (name: string) => value(name) === undefined && !meant.has(name) && !unread.includes(name);
  const choice = <T extends string>(name: string, options: readonly T[], fallback: T): T => {
    const text = value(name);
    if (text === undefined) return fallback;
    const found = options.find((option) => option === text);
    if (found === undefined) {
      const either = options.join(' | ');
      const { ja, en } = shownValue(text, 'word');
      fault(`${name} は ${either} のいずれかです (値: ${ja})。`, `${name} must be one of ${either}, not ${en}.`);
    }
    return found ?? fallback;
  };
  const integer = (name: string, min: number, max: number, fallback: number): number => {
    const text = value(name);
    if (text === undefined) return fallback;
    const number = Number(text);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    const { ja, en } = shownValue(text, 'word');
    fault(
      `${name} は ${min} から ${max} までの整数です (値: ${ja})。`,
      `${name} must be a whole number from ${min} to ${max}, not ${en}.`,
    );
    return fallback;
  };

  const mode = choice('ARGUS_MODE', ['demo', 'production'], 'demo');
  const ofProduction = [
    ...['DATABASE_URL', 'ARGUS_VAULT_KEYS'].filter((name) => value(name) !== undefined),
    ...(value('ARGUS_PUBLIC_URL')?.startsWith('https://') ? ['ARGUS_PUBLIC_URL'] : []),
  ];
  // A forgotten or lost line would fill the database of a company with the demo's accounts.
  if (isForgotten('ARGUS_MODE') && ofProduction.length > 0) {
    fault(
      `${ofProduction.join('、')} が設定されていますが、ARGUS_MODE がありません。本番では ARGUS_MODE=production、デモでは ARGUS_MODE=demo を設定してください。`,
      `${ofProduction.join(', ')} is set, but ARGUS_MODE is not. Set ARGUS_MODE=production, or ARGUS_MODE=demo for the demo.`,
    );
  }
  const port = integer('ARGUS_PORT', 0, 65_535, 3650);
  const host = value('ARGUS_HOST') ?? (mode === 'demo' ? '127.0.0.1' : '0.0.0.0');
  if (mode === 'demo' && !isLoopbackHost(host)) {
    const { ja, en } = shownValue(host, 'address');
    fault(
      `デモでは ARGUS_HOST は 127.0.0.1 か localhost です (値: ${ja})。`,
      `In the demo, ARGUS_HOST must be 127.0.0.1 or localhost, not ${en}.`,
    );
  }
  const isUrlNeeded = mode === 'production' && isForgotten('ARGUS_PUBLIC_URL');
  const publicUrl = readPublicUrl(value('ARGUS_PUBLIC_URL'), isUrlNeeded, port, fault);
  const dataDir = resolve(value('ARGUS_DATA_DIR') ?? 'data');
  // Every sentence about the folder names it.
  if (/:\/\/|\p{Cc}|^[\w-]*:?[A-Za-z0-9+/]{43}=?$/u.test(value('ARGUS_DATA_DIR') ?? '')) {
    fault(
      'ARGUS_DATA_DIR はフォルダーの名前です (値: (非表示))。',
      'ARGUS_DATA_DIR must be the name of a folder (value not shown).',
    );
  }
  const mayBeAhead = choice('ARGUS_ALLOW_NEWER_DATABASE', ['yes', 'no'], 'no') === 'yes';
  const isEmbeddedWanted = choice('ARGUS_EMBEDDED_DATABASE', ['yes', 'no'], 'no') === 'yes';
  const poolMax = integer('ARGUS_DATABASE_POOL', 2, 100, 10);
  const drainSeconds = integer('ARGUS_DRAIN_SECONDS', 0, 60, 0);
  const databaseUrl = value('DATABASE_URL');
  const urlFault = databaseUrl === undefined ? undefined : databaseUrlFault(databaseUrl);
  if (urlFault) fault(urlFault.ja, urlFault.en);
  if (mode === 'production' && isForgotten('DATABASE_URL') && !isEmbeddedWanted) {
    fault(
      '本番では DATABASE_URL (PostgreSQL) が必要です。1台だけで動かす組み込みデータベースを使用するには、ARGUS_EMBEDDED_DATABASE=yes を設定してください。',
      'Production needs DATABASE_URL (PostgreSQL). For the embedded database, which is for a single machine, set ARGUS_EMBEDDED_DATABASE=yes.',
    );
  }
  const database: Config['database'] =
    databaseUrl === undefined
      ? { kind: 'pglite', dataDir, mayBeAhead }
      : { kind: 'postgres', url: databaseUrl, poolMax, mayBeAhead };
  const privateNetwork = choice(
    'ARGUS_PRIVATE_NETWORK',
    ['none', 'loopback', 'all'],
    mode === 'demo' ? 'loopback' : 'none',
  );
  if (mode === 'production' && privateNetwork !== 'none') {
    fault(
      'ARGUS_PRIVATE_NETWORK は開発用です。本番 (ARGUS_MODE=production) では使用できません。',
      'ARGUS_PRIVATE_NETWORK is for development only and cannot be used in production.',
    );
  }
  const wayOut = readWayOut(value, fault);
  const mail = readMail(value, fault);

  const loginUrl = value('ARGUS_DEMO_LOGIN_URL');
  const graphUrl = value('ARGUS_DEMO_GRAPH_URL');
  if ((loginUrl === undefined) !== (graphUrl === undefined)) {
    fault(
      'ARGUS_DEMO_LOGIN_URL と ARGUS_DEMO_GRAPH_URL は、両方を設定するか、両方を外してください。',
      'Set both ARGUS_DEMO_LOGIN_URL and ARGUS_DEMO_GRAPH_URL, or neither.',
    );
  }
  if (mode === 'production' && (loginUrl ?? graphUrl) !== undefined) {
    fault(
      'ARGUS_DEMO_LOGIN_URL / ARGUS_DEMO_GRAPH_URL は、本番では使用できません。',
      'ARGUS_DEMO_LOGIN_URL and ARGUS_DEMO_GRAPH_URL cannot be used in production.',
    );
  }

  const frameAncestors = (value('ARGUS_FRAME_ANCESTORS') ?? '').split(/[\s,]+/).filter((text) => text !== '');
  for (const ancestor of frameAncestors) {
    if (!/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/i.test(ancestor)) {
      const { ja, en } = shownValue(ancestor, 'address');
      fault(
        `ARGUS_FRAME_ANCESTORS の「${ja}」はオリジン (例: https://example.my.salesforce.com) ではありません。`,
        `"${en}" in ARGUS_FRAME_ANCESTORS is not an origin such as https://example.my.salesforce.com.`,
      );
    }
  }
  const trustedProxies = (value('ARGUS_TRUSTED_PROXIES') ?? '').split(/[\s,]+/).filter((text) => text !== '');
  for (const entry of trustedProxies) {
    if (isProxyEntry(entry)) continue;
    const { ja, en } = shownValue(entry, 'address');
    if (/\/0$/.test(entry)) {
      fault(
        `ARGUS_TRUSTED_PROXIES の「${ja}」は全員を信頼するため、指定できません。プロキシのアドレスを指定してください。`,
        `"${en}" in ARGUS_TRUSTED_PROXIES would trust everyone. Enter the addresses of the proxies.`,
      );
      continue;
    }
    fault(
      `ARGUS_TRUSTED_PROXIES の「${ja}」はIPアドレスまたは範囲 (例: 10.0.0.5、10.0.0.0/8) ではありません。ホスト名とポートは指定できません。`,
      `"${en}" in ARGUS_TRUSTED_PROXIES is not an IP address or range such as 10.0.0.5 or 10.0.0.0/8. Host names and ports are not allowed.`,
    );
  }
  const vaultKeys = readVaultKeys(
    value('ARGUS_VAULT_KEYS'),
    mode === 'production' && isForgotten('ARGUS_VAULT_KEYS'),
    fault,
  );
  const metricsToken = value('ARGUS_METRICS_TOKEN');
  // The characters of a bearer token (RFC 6750, 2.1).
  if (metricsToken !== undefined && !/^[A-Za-z0-9._~+/-]{16,}=*$/.test(metricsToken)) {
    fault(
      'ARGUS_METRICS_TOKEN は、英数字と - . _ ~ + / = で 16 文字以上です (例: openssl rand -base64 32 の出力)。',
      'ARGUS_METRICS_TOKEN must have at least 16 characters: letters, digits and - . _ ~ + / = (for example from openssl rand -base64 32).',
    );
  }
  const level = choice(
    'ARGUS_LOG_LEVEL',
    ['silent', 'error', 'warn', 'info', 'debug'],
    mode === 'demo' ? 'warn' : 'info',
  );

  if (faults.length > 0) throw new ConfigError(faults);
  return {
    mode,
    http: { host, port, publicUrl, trustedProxies, drainSeconds },
    dataDir,
    database,
    vaultKeys,
    egress: { privateNetwork, ...wayOut },
    mail,
    frameAncestors,
    metrics: { token: metricsToken },
    log: { level },
    demo: loginUrl !== undefined && graphUrl !== undefined ? { loginUrl, graphUrl } : undefined,
  };
}

/**
 * The demo's own vault key, generated on the first start and stored in the data folder, readable only by its owner.
 * Production gets its keys from ARGUS_VAULT_KEYS.
 */
export function withDemoKey(config: Config): Config {
  if (config.vaultKeys.length > 0) return config;
  mkdirSync(config.dataDir, { recursive: true });
  const file = join(config.dataDir, 'vault-key');
  try {
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new ConfigError([`${file} は 32 バイトの鍵ではありません。 / ${file} is no key of 32 bytes.`]);
  return { ...config, vaultKeys: [{ kid: 'demo', key }] };
}

function readPublicUrl(text: string | undefined, isNeeded: boolean, port: number, fault: Fault): string {
  if (text === undefined) {
    if (isNeeded) {
      fault(
        '本番では ARGUS_PUBLIC_URL (例: https://argus.example.com) が必要です。',
        'Production needs ARGUS_PUBLIC_URL, such as https://argus.example.com.',
      );
    }
    return `http://localhost:${port}`;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { ja, en } = shownValue(text, 'address');
  if (
    !url ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.pathname !== '/' ||
    url.search ||
    url.hash
  ) {
    fault(
      `ARGUS_PUBLIC_URL は https://ホスト名 の形にしてください。パスは指定できません (値: ${ja})。`,
      `ARGUS_PUBLIC_URL must be in the form https://host, without a path, not ${en}.`,
    );
    return text;
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    fault(
      `ARGUS_PUBLIC_URL は https:// にしてください (値: ${ja})。`,
      `ARGUS_PUBLIC_URL must begin with https://, not ${en}.`,
    );
  }
  return url.origin;
}

function readVaultKeys(text: string | undefined, isNeeded: boolean, fault: Fault): VaultKeyConfig[] {
  if (text === undefined) {
    if (isNeeded) {
      fault(
        '本番では ARGUS_VAULT_KEYS (例: k1:<32バイトのbase64>) が必要です。`openssl rand -base64 32` で作成できます。',
        'Production needs ARGUS_VAULT_KEYS, such as k1:<base64 of 32 bytes>. Create one with `openssl rand -base64 32`.',
      );
    }
    return [];
  }
  const keys: VaultKeyConfig[] = [];
  for (const [index, part] of text.split(',').entries()) {
    const [, kid = '', encoded = ''] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(part.trim()) ?? [];
    const key = Buffer.from(encoded, 'base64');
    const { ja, en } = shownValue(kid, 'identifier');
    if (key.length !== 32) {
      fault(
        `ARGUS_VAULT_KEYS の ${index + 1} 番目は 名前:<32バイトのbase64> の形ではありません。`,
        `Entry ${index + 1} of ARGUS_VAULT_KEYS is not in the form name:<base64 of 32 bytes>.`,
      );
    } else if (keys.some((other) => other.kid === kid)) {
      fault(`ARGUS_VAULT_KEYS に ${ja} が2回あります。`, `ARGUS_VAULT_KEYS has ${en} twice.`);
    } else if (keys.some((other) => other.key.equals(key))) {
      fault(
        `ARGUS_VAULT_KEYS の ${ja} は、別の名前の鍵と同じ値です。`,
        `${en} in ARGUS_VAULT_KEYS has the value of another key.`,
      );
    } else {
      keys.push({ kid, key });
    }
  }
  return keys;
}
