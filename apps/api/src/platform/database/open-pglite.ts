import { mkdirSync } from 'node:fs';
import { present } from '@argus/fields/present';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import type { FolderLock } from './folder-lock.ts';

type FileOperations = Record<string, (...args: never[]) => unknown>;

/** Emscripten's file system on a folder of this machine, which every operation of PGlite on a file goes through. */
interface NodeFiles {
  readonly node_ops: FileOperations;
  readonly stream_ops: FileOperations;
}

/** What group and others may do. */
const notOwner = 0o077;

/** PGlite's files would be everybody's, whatever the umask: it sets their mode once they exist. */
function keepPrivate(operations: FileOperations): void {
  const { mknod, setattr } = operations as unknown as {
    mknod: (parent: unknown, name: string, mode: number, device: number) => unknown;
    setattr: (node: unknown, attributes: { mode?: number }) => unknown;
  };
  const ours: typeof operations = {
    mknod: ((parent, name, mode, device) => mknod(parent, name, mode & ~notOwner, device)) as typeof mknod,
    setattr: ((node, { mode, ...attributes }) =>
      setattr(node, mode === undefined ? attributes : { ...attributes, mode: mode & ~notOwner })) as typeof setattr,
  };
  Object.assign(operations, ours);
}

/** A folder whose lock is checked before each operation on a file, in the middle of a statement as well. */
class LockedFolder extends NodeFS {
  readonly #lock: FolderLock;

  constructor(folder: string, lock: FolderLock) {
    super(folder);
    this.#lock = lock;
  }

  override async init(pg: PGlite, options: Parameters<NodeFS['init']>[1]) {
    const { emscriptenOpts } = await super.init(pg, options);
    const checkFirst = (module: unknown) => {
      const { node_ops, stream_ops } = (module as { NODEFS: NodeFiles }).NODEFS;
      keepPrivate(node_ops);
      for (const operations of [node_ops, stream_ops]) {
        for (const [name, operation] of Object.entries(operations)) {
          operations[name] = (...args) => {
            this.#lock.check();
            return operation(...args);
          };
        }
      }
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [checkFirst, ...(emscriptenOpts.preRun ?? [])] } };
  }
}

/** Checks the lock before each statement, also one that needs no file: what it would answer may be out of date. */
function checkStatements(pglite: PGlite, lock: FolderLock): void {
  const run = pglite.execProtocolRawSync.bind(pglite);
  pglite.execProtocolRawSync = (message) => {
    lock.check();
    return run(message);
  };
}

/**
 * Opens PGlite on a folder whose lock this process holds, or in memory without one.
 *
 * @param template a data folder from `dumpDataDir`, to start a new database from
 */
export async function openPglite(
  on?: { readonly folder: string; readonly lock: FolderLock },
  template?: Blob,
): Promise<PGlite> {
  if (on) mkdirSync(on.folder, { recursive: true, mode: 0o700 });
  const pglite = await PGlite.create({
    extensions: { pg_trgm },
    ...present({ fs: on && new LockedFolder(on.folder, on.lock), loadDataDir: template }),
  });
  if (on) checkStatements(pglite, on.lock);
  // Prisma's adapters drop the offset of a timestamptz and assume UTC.
  await pglite.exec("SET TIME ZONE 'UTC'");
  return pglite;
}
