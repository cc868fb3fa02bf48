import { isSecretFile, secretFiles } from './secret-files.ts';
import { shownName } from './shown.ts';

/** Every variable that Argus knows. Any other that starts with ARGUS_ is a typing mistake, and refused. */
const argusVariables = [
  'ARGUS_MODE',
  'ARGUS_HOST',
  'ARGUS_PORT',
  'ARGUS_PUBLIC_URL',
  'ARGUS_TRUSTED_PROXIES',
  'ARGUS_DATA_DIR',
  'ARGUS_DATABASE_POOL',
  'ARGUS_ALLOW_NEWER_DATABASE',
  'ARGUS_EMBEDDED_DATABASE',
  'ARGUS_DRAIN_SECONDS',
  'ARGUS_VAULT_KEYS',
  'ARGUS_PRIVATE_NETWORK',
  // A secret, as it has the password of the proxy.
  'ARGUS_OUTBOUND_PROXY',
  'ARGUS_NO_PROXY',
  // A secret, as it has the password of the mail server.
  'ARGUS_SMTP_URL',
  'ARGUS_MAIL_FROM',
  'ARGUS_FRAME_ANCESTORS',
  'ARGUS_LOG_LEVEL',
  'ARGUS_METRICS_TOKEN',
  'ARGUS_DEMO_LOGIN_URL',
  'ARGUS_DEMO_GRAPH_URL',
  // Read by the launcher only.
  'ARGUS_DEMO_LOGIN_PORT',
  'ARGUS_DEMO_GRAPH_PORT',
];
export const settingNames = [...argusVariables, 'DATABASE_URL', ...secretFiles];

/** Whether a variable is one that Argus reads. */
export function isSetting(name: string): boolean {
  return settingNames.includes(name);
}

/**
 * What Kubernetes sets in a pod for the Services `argus` and `argus-…` of its namespace (enableServiceLinks):
 * ARGUS_PORT=tcp://10.96.4.7:3650, ARGUS_DB_SERVICE_HOST and others.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const serviceLink = /^ARGUS_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const serviceAddress = /^(tcp|udp|sctp):\/\//;

/** Whether a variable is of a Service, and no setting, although it may have the name of one: ARGUS_PORT=tcp://…. */
export function isServiceLink(name: string, value: string): boolean {
  if (name.startsWith('ARGUS_') && name.endsWith('_PORT') && serviceAddress.test(value)) return true;
  return !isSetting(name) && serviceLink.test(name);
}

type Env = Readonly<Record<string, string | undefined>>;
type Fault = (ja: string, en: string) => void;

/**
 * Reports variables that look like settings of Argus and are none.
 * @returns the settings that were meant, as far as that can be guessed
 */
export function refuseUnknown(env: Env, fault: Fault): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const [name, value = ''] of Object.entries(env)) {
    const isOtherCase = !isSetting(name) && isSetting(name.toUpperCase());
    const isOurs = name.startsWith('ARGUS_') && !isSetting(name) && !isServiceLink(name, value.trim());
    if (!isOtherCase && !isOurs) continue;
    const nearest = nearestSetting(name);
    const { ja, en } = isOtherCase ? { ja: name, en: name } : shownName(name);
    if (nearest === undefined) {
      fault(`${ja} という設定はありません。`, `There is no setting ${en}.`);
      continue;
    }
    meant.add(nearest);
    if (isSecretFile(nearest)) meant.add(nearest.replace(/_FILE$/, ''));
    fault(
      `${ja} という設定はありません。${nearest} の誤りではありませんか。`,
      `There is no setting ${en}. Did you mean ${nearest}?`,
    );
  }
  return meant;
}

function nearestSetting(name: string): string | undefined {
  const given = name.toUpperCase();
  const bare = given.replace(/^ARGUS_/, '');
  const [best] = settingNames
    .map((known) => ({ known, far: known === bare ? 0 : distance(given, known) }))
    .sort((a, b) => a.far - b.far);
  return best !== undefined && best.far <= (given.length < 16 ? 2 : 3) ? best.known : undefined;
}

/** How many letters must be changed, added or removed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [left = 0, up = 0, corner = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, up + 1, corner + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

const otherSetting = new RegExp(`(${settingNames.toSorted((a, b) => b.length - a.length).join('|')})\\s*[=:]`);

/**
 * Reports settings in whose value another one stands, as after a lost line break: nothing that is read from such an
 * environment is what its operator meant.
 * @returns whether there are any
 */
export function refuseSwallowed(env: Env, fault: Fault): boolean {
  let isAny = false;
  for (const [name, value = ''] of Object.entries(env)) {
    const [, other] = isSetting(name) ? (otherSetting.exec(value) ?? []) : [];
    if (other === undefined) continue;
    isAny = true;
    fault(
      `${name} の値の中に ${other} が書かれています。改行か引用符が抜けていないか確認し、1行に1つの設定を、値だけで書いてください。`,
      `The value of ${name} contains ${other}. A line break or a quote may be missing. Write one setting per line, with only its value.`,
    );
  }
  return isAny;
}
