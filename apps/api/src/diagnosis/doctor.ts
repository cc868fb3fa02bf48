import { createHash } from 'node:crypto';
import { catalogueEntry } from '@argus/contract/errors/error-catalogue';
import { type Deadline, startDeadline } from '@argus/egress/deadline';
import type { FastifyBaseLogger } from 'fastify';
import { findStoredConnection } from '../connection/find-connection.ts';
import { type Connector, readConnector } from '../connection/records/connector.ts';
import { listRemoteSites } from '../connection/records/remote-sites.ts';
import { readSettings, type Settings } from '../connection/records/settings.ts';
import { type Db, inTransaction } from '../platform/database/db.ts';
import { toAppError } from '../platform/problems/to-app-error.ts';
import type { DoctorCase, DoctorServices } from './doctor-case.ts';
import { runExamination, waitingSteps } from './examination.ts';
import { clientExaminers } from './examine-client.ts';
import { configurationExaminers } from './examine-configuration.ts';
import { grantExaminers } from './examine-grant.ts';
import { hostExaminers } from './examine-hosts.ts';
import { mailExaminers } from './examine-mail.ts';
import {
  beginDoctorRun,
  type DoctorRun,
  type DoctorStep,
  endDoctorRun,
  hasAuthorizedBefore,
  saveDoctorSteps,
} from './records/doctor-runs.ts';

/** Beyond its budget, a run only needs time for the database. */
const leaseGraceMs = 10_000;
/** The key of a run without a user. */
const connectionKey = 'connection';

/**
 * The key of an active run. Another start joins the run only while it would diagnose the same thing: after a change
 * of the user's link or grant, of the settings, the provider or a remote site, an earlier run would describe a former
 * state.
 */
async function activeKeyOf(db: Db, accountId: string | undefined, settings: Settings): Promise<string> {
  const { provider } = await readConnector(db, settings);
  const { link, grant } = accountId ? await findStoredConnection(db, accountId, settings) : { link: null, grant: null };
  const basis = [
    settings.version,
    provider?.id,
    provider?.version,
    link?.microsoftAccountKey,
    link?.pinnedObjectId,
    grant?.id,
    (await listRemoteSites(db)).map(({ id, version }) => [id, version]),
  ];
  const digest = createHash('sha256').update(JSON.stringify(basis)).digest('base64url');
  return `${accountId ?? connectionKey}/${digest}`;
}

/** 接続診断: diagnoses a user's connection, or only the configuration, in the background of this process. */
export interface Doctor {
  /**
   * Starts a run, or returns the active one for the same user, whichever process runs it.
   * @param record what is written in the transaction that starts a run
   */
  start(
    account: { readonly id: string; readonly username: string } | null,
    startedBy: string,
    record?: (tx: Db) => Promise<void>,
  ): Promise<{ readonly run: DoctorRun; readonly isNew: boolean }>;
  /**
   * What a run without a user would find if the connection were this one. Nothing is stored; nobody joins it.
   * @param isWanted whether whoever asked may still ask
   */
  tryOut(
    proposed: Pick<Connector, 'settings' | 'provider'>,
    isWanted: () => Promise<boolean>,
  ): Promise<readonly DoctorStep[]>;
  /** Whether a run of this user diagnosed what would be diagnosed now: the same settings, provider, link and grant. */
  describesPresent(run: DoctorRun, accountId: string): Promise<boolean>;
  /** Aborts active runs as interrupted; resolves once that is stored. */
  close(): Promise<void>;
}

export function createDoctor(services: DoctorServices, log: () => FastifyBaseLogger): Doctor {
  const { db, now } = services;
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  let closed: Promise<void> | undefined;

  async function examine(run: DoctorRun, account: { readonly id: string } | null, settings: Settings): Promise<void> {
    const budget = startDeadline(settings.totalTimeoutSeconds * 1000);
    const deadline = endingEarly(budget, closing.signal);
    const purpose = account && (await hasAuthorizedBefore(db, account.id)) ? 'mail' : 'authorization';
    const isPresent = async () => run.basis === (await activeKeyOf(db, account?.id, await readSettings(db)));
    const findProvider = async () => (await readConnector(db, settings)).provider;
    const examined: DoctorCase = { services, settings, account, findProvider, budget, deadline, purpose, isPresent };
    const stored = storeInOrder(run);
    const steps = await runExamination(allExaminers(examined), {
      deadline,
      now,
      explain: explaining({ doctorRun: run.id }),
      onChange: (changed) => {
        if (!closing.signal.aborted) stored.save(changed);
      },
    });
    await stored.saved();
    const interrupted = closing.signal.aborted;
    await endDoctorRun(db, run, interrupted ? { steps: stored.last(), endedAt: null } : { steps, endedAt: now() });
  }

  /** The catalogue error of what a step throws; what nobody foresaw goes to the log. */
  function explaining(about: object) {
    return (error: unknown) => {
      const known = toAppError(error);
      if (catalogueEntry(known.code).unforeseen) log().error({ err: error, ...about }, 'a diagnosis step failed');
      return known;
    };
  }

  /** Writes the steps one after the other; of several pending writes, only the latest. */
  function storeInOrder(run: DoctorRun) {
    let last: readonly DoctorStep[] = run.steps;
    let next: readonly DoctorStep[] | undefined;
    let writing: Promise<void> | undefined;
    async function write() {
      while (next) {
        const steps = next;
        next = undefined;
        await saveDoctorSteps(db, run, steps);
      }
    }
    return {
      save(steps: readonly DoctorStep[]) {
        last = steps;
        next = steps;
        writing ??= write()
          .catch((error: unknown) => log().warn({ err: error, doctorRun: run.id }, 'cannot store a diagnosis'))
          .finally(() => {
            writing = undefined;
          });
      },
      saved: async () => writing,
      last: () => last,
    };
  }

  return {
    async describesPresent({ basis }, accountId) {
      return basis === (await activeKeyOf(db, accountId, await readSettings(db)));
    },
    async start(account, startedBy, record) {
      const settings = await readSettings(db);
      const startedAt = now();
      const begun = {
        activeKey: await activeKeyOf(db, account?.id, settings),
        accountId: account?.id ?? null,
        username: account?.username ?? null,
        startedBy,
        steps: waitingSteps,
        startedAt,
        leaseUntil: new Date(startedAt.getTime() + settings.totalTimeoutSeconds * 1000 + leaseGraceMs),
      };
      const { run, isNew } = await inTransaction(db, async (tx) => {
        const started = await beginDoctorRun(tx, begun);
        if (started.isNew) await record?.(tx);
        return started;
      });
      if (isNew) {
        const work = examine(run, account, settings)
          .catch((error: unknown) => log().error({ err: error, doctorRun: run.id }, 'cannot end a diagnosis'))
          .finally(() => running.delete(work));
        running.add(work);
      }
      return { run, isNew };
    },
    tryOut({ settings, provider }, isWanted) {
      const budget = startDeadline(settings.totalTimeoutSeconds * 1000);
      const deadline = endingEarly(budget, closing.signal);
      const examined: DoctorCase = {
        ...{ services, settings, account: null, budget, deadline, purpose: 'authorization' },
        findProvider: async () => provider,
        isPresent: isWanted,
      };
      const options = { deadline, now, explain: explaining({ trial: true }), onChange: () => undefined };
      return runExamination(allExaminers(examined), options);
    },
    close() {
      closed ??= (async () => {
        closing.abort(new DOMException('Argus stops', 'AbortError'));
        await Promise.all(running);
      })();
      return closed;
    },
  };
}

function allExaminers(examined: DoctorCase) {
  return [
    ...configurationExaminers(examined),
    ...hostExaminers(examined),
    ...clientExaminers(examined),
    ...grantExaminers(examined),
    ...mailExaminers(examined),
  ];
}

/** A deadline that also expires once the signal aborts. */
function endingEarly(deadline: Deadline, early: AbortSignal): Deadline {
  const signal = AbortSignal.any([deadline.signal, early]);
  const remainingMs = () => (early.aborted ? 0 : deadline.remainingMs());
  return {
    totalMs: deadline.totalMs,
    signal,
    remainingMs,
    get expired() {
      return remainingMs() === 0;
    },
  };
}
