import { startDeadline } from '@argus/egress/deadline';
import { EgressFailure } from '@argus/egress/egress-failure';
import { createGuardedFetch } from '@argus/egress/guarded-fetch';
import { probeConnection, probeWay } from '@argus/egress/probe-host';
import { MailFailure, probeMailServer } from '@argus/egress/send-mail';
import { readPolicySites } from './connection/records/remote-sites.ts';
import { sealedColumns } from './connection/records/sealed-columns.ts';
import { type Config, ConfigError, readConfig, withDemoKey } from './platform/config.ts';
import { tellingClockMs } from './platform/database/clock.ts';
import { DatabaseStartFailure } from './platform/database/database-start-failure.ts';
import { type Database, databasePlace, openExistingDatabase } from './platform/database/open-database.ts';
import { surveyDatabase } from './platform/database/operate-migrations.ts';
import { idleParametersWarning, isPlain } from './platform/database/postgres-url.ts';
import { explainStart } from './platform/explain-start.ts';
import { judgeVaultKeys } from './platform/vault/check-vault-keys.ts';
import { createVault } from './platform/vault/seal.ts';
import { version } from './platform/version.ts';

/** One finding: `fault` keeps Argus from starting or working, `warning` does not. Both texts are free of secrets. */
export interface Finding {
  readonly about: 'configuration' | 'database' | 'keys' | 'clock' | 'jobs' | 'outbound';
  readonly state: 'ok' | 'warning' | 'fault';
  readonly ja: string;
  readonly en: string;
}

type Tell = (about: Finding['about'], state: Finding['state'], ja: string, en: string) => void;

const probeMs = 10_000;
const connectMs = 5_000;

/**
 * Checks everything that a start needs, and what the service needs afterwards, at once; changes nothing.
 * @param env the environment of the service
 */
export async function checkConfig(env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const tell: Tell = (about, state, ja, en) => findings.push({ about, state, ja, en });
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) tellBoth(tell, 'configuration', 'fault', fault);
    return findings;
  }
  const { publicUrl } = config.http;
  tell(
    'configuration',
    'ok',
    `Argus ${version}、${config.mode}、${publicUrl}`,
    `Argus ${version}, ${config.mode}, ${publicUrl}`,
  );
  tellIdleSettings(env, config, tell);
  if (!(await checkDatabase(config, tell))) return findings;
  let database: Database;
  try {
    database = await openExistingDatabase(config.database);
  } catch (error) {
    tellBoth(tell, 'database', 'fault', explainStart(error));
    return findings;
  }
  try {
    await checkKeys(config, database, tell);
    await checkSites(config, database, tell);
  } finally {
    await database.close();
  }
  return findings;
}

/** Settings that do nothing beside others: whoever set them believes otherwise. */
function tellIdleSettings(
  env: Readonly<Record<string, string | undefined>>,
  { database, egress }: Config,
  tell: Tell,
): void {
  const parameters = database.kind === 'postgres' ? idleParametersWarning(database.url) : undefined;
  if (parameters) tell('configuration', 'warning', parameters.ja, parameters.en);
  const idle = [
    ...(database.kind === 'postgres' && env.ARGUS_EMBEDDED_DATABASE?.trim() === 'yes'
      ? [['ARGUS_EMBEDDED_DATABASE', 'DATABASE_URL があるため', 'as DATABASE_URL is set']]
      : []),
    ...(egress.proxy === undefined && env.ARGUS_NO_PROXY?.trim()
      ? [['ARGUS_NO_PROXY', 'ARGUS_OUTBOUND_PROXY がないため', 'without ARGUS_OUTBOUND_PROXY']]
      : []),
  ];
  for (const [name, ja, en] of idle) {
    tell('configuration', 'warning', `${name} は、${ja}使用されません。`, `${name} does nothing ${en}.`);
  }
}

/** A sentence that has both languages already. The Japanese one ends in 。, and either may have a slash in it. */
function tellBoth(tell: Tell, about: Finding['about'], state: Finding['state'], both: string): void {
  const seam = both.lastIndexOf('。 / ');
  const [ja, en] = seam < 0 ? [both, both] : [both.slice(0, seam + 1), both.slice(seam + 4)];
  tell(about, state, ja, en);
}

/** @returns whether the database can be opened */
async function checkDatabase(config: Config, tell: Tell): Promise<boolean> {
  const place = databasePlace(config.database);
  let survey: Awaited<ReturnType<typeof surveyDatabase>>;
  try {
    survey = await surveyDatabase(config.database);
  } catch (error) {
    // As for an empty database on PostgreSQL: the first start makes it.
    if (error instanceof DatabaseStartFailure && error.isOfMissing) {
      tell(
        'database',
        'warning',
        `${place} にデータベースはまだありません。最初の起動で作成されます。既にある場合は、サービスと同じ ARGUS_DATA_DIR を設定してください。`,
        `There is no database in ${place} yet. The first start creates it. If there should be one, set the same ARGUS_DATA_DIR as the service.`,
      );
      return false;
    }
    tellBoth(tell, 'database', 'fault', explainStart(error));
    return false;
  }
  const { server, migrations, refusal } = survey;
  if (server) {
    const { schema, encrypted, pooledByTransaction, roleIsLimited, clockAheadMs } = server;
    tell(
      'database',
      'ok',
      `${place}: PostgreSQL ${server.version}、スキーマ ${schema}`,
      `${place}: PostgreSQL ${server.version}, schema ${schema}`,
    );
    if (config.database.kind === 'postgres' && isPlain(config.database.url, encrypted)) {
      tell(
        'database',
        'warning',
        'データベースとの接続が暗号化されていません。DATABASE_URL に ?sslmode=verify-full を指定してください。',
        'The connection to the database is not encrypted. Add ?sslmode=verify-full to DATABASE_URL.',
      );
    }
    if (pooledByTransaction && !roleIsLimited) {
      tell(
        'database',
        'warning',
        '接続プーラーはトランザクションモードです。設定は ALTER ROLE で行ってください (docs/deployment.md)。',
        'A connection pooler is in transaction mode. Put the settings on the role (docs/deployment.md).',
      );
    }
    if (!server.mayCreate && migrations.some(({ state }) => state === 'pending' || state === 'undone')) {
      tell(
        'database',
        'fault',
        `スキーマ ${schema} に CREATE の権限がありません。`,
        `The role does not have the CREATE permission on the schema ${schema}.`,
      );
    }
    const seconds = Math.abs(Math.round(clockAheadMs / 1000));
    const isAhead = clockAheadMs > 0;
    if (Math.abs(clockAheadMs) > tellingClockMs) {
      tell(
        'clock',
        'warning',
        `データベースの時計は、このマシンより ${seconds} 秒${isAhead ? '進んで' : '遅れて'}います。`,
        `The database clock is ${seconds} seconds ${isAhead ? 'ahead of' : 'behind'} the clock of this machine.`,
      );
    } else {
      tell('clock', 'ok', '時計はデータベースと一致しています。', 'The clock matches the database clock.');
    }
    if (server.mayHaveJobs) {
      tell('jobs', 'ok', 'ジョブのスキーマ pgboss を使用できます。', 'The schema pgboss for the jobs can be used.');
    } else {
      tell(
        'jobs',
        'fault',
        'スキーマ pgboss がなく、作成する権限もありません。GRANT CREATE ON DATABASE … TO … を実行してください。',
        'There is no schema pgboss, and the role cannot create it. Run GRANT CREATE ON DATABASE … TO ….',
      );
    }
  } else {
    tell('database', 'ok', `${place} (組み込み)`, `${place} (embedded)`);
  }
  if (refusal) {
    tell('database', 'fault', refusal.ja, refusal.en);
    return false;
  }
  const named = (state: (typeof migrations)[number]['state']) =>
    migrations.filter((each) => each.state === state).map(({ name }) => name);
  const [unfinished, unknown] = [named('unfinished'), named('unknown')];
  const pending = [...named('pending'), ...named('undone')];
  if (unfinished.length > 0) {
    const names = unfinished.join(', ');
    tell(
      'database',
      'fault',
      `途中で切れたマイグレーション: ${names} (pnpm migrations)`,
      `Interrupted migrations: ${names} (pnpm migrations)`,
    );
  }
  if (unknown.length > 0) {
    const state = config.database.mayBeAhead ? 'warning' : 'fault';
    const names = unknown.join(', ');
    tell(
      'database',
      state,
      `より新しい Argus のデータベースです: ${names}`,
      `The database belongs to a newer version of Argus: ${names}`,
    );
  }
  if (pending.length > 0) {
    const { length } = pending;
    tell(
      'database',
      'warning',
      `次の起動時に ${length} 件のマイグレーションを適用します。鍵とリモートサイトは、そのあとに確認できます。`,
      `The next start will apply ${length} migrations. Keys and remote sites can be checked after that.`,
    );
  }
  return (
    unfinished.length === 0 && pending.length === 0 && (unknown.length === 0 || config.database.mayBeAhead === true)
  );
}

async function checkKeys(given: Config, { prisma }: Database, tell: Tell): Promise<void> {
  const config = withDemoKey(given);
  const kids = config.vaultKeys.map(({ kid }) => kid).join(', ');
  try {
    await judgeVaultKeys(prisma, createVault(config.vaultKeys), { columns: sealedColumns, now: new Date() });
    tell(
      'keys',
      'ok',
      `暗号鍵 ${kids} で、保護した値を開けます。`,
      `The vault keys ${kids} can open the protected values.`,
    );
  } catch (error) {
    tellBoth(tell, 'keys', 'fault', explainStart(error));
  }
}

/** Asks every active site for a connection, as a call would make it; sends nothing. */
async function checkSites(config: Config, { reads }: Database, tell: Tell): Promise<void> {
  const egress = createGuardedFetch({
    sites: () => readPolicySites(reads),
    ...config.egress,
    userAgent: `Argus/${version}`,
  });
  try {
    if (config.mail) await checkMail(config.mail, tell);
    const sites = (await readPolicySites(reads)).filter(({ active }) => active);
    await Promise.all(
      sites.map(async ({ origin }) => {
        const probe = { url: origin, deadline: startDeadline(probeMs), connectTimeoutMs: connectMs };
        try {
          const way = await probeWay(egress, probe);
          if (way.through === 'addresses') await probeConnection(egress, probe);
          const by = way.through === 'proxy' ? ` (${way.proxy})` : '';
          tell('outbound', 'ok', `${origin} に接続できます${by}。`, `${origin} can be reached${by}.`);
        } catch (error) {
          if (!(error instanceof EgressFailure)) throw error;
          const { kind } = error.fact;
          tell('outbound', 'fault', `${origin} に接続できません (${kind})。`, `${origin} cannot be reached (${kind}).`);
        }
      }),
    );
  } finally {
    await egress.close();
  }
}

/** Whether the server of alerts by mail would take one. */
async function checkMail({ server }: NonNullable<Config['mail']>, tell: Tell): Promise<void> {
  const place = `${server.host}:${server.port}`;
  try {
    await probeMailServer(server, connectMs);
    tell('outbound', 'ok', `メールサーバ ${place} を使用できます。`, `The mail server ${place} can be used.`);
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    const { kind, status, code } = error.fact;
    const why = [kind, status, code].filter((part) => part !== undefined).join(', ');
    tell(
      'outbound',
      'fault',
      `メールサーバ ${place} を使用できません (${why})。ARGUS_SMTP_URL を確認してください。`,
      `The mail server ${place} cannot be used (${why}). Check ARGUS_SMTP_URL.`,
    );
  }
}
