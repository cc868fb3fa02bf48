/** What this process has noticed of the machines around it, for the operator. */
export interface Surroundings {
  /** Whether what Argus sends to its database crosses a network as it is. */
  readonly databaseIsPlain: boolean;
  /** Whether this process has a job queue; undefined while it starts. */
  jobQueueIsUp: boolean | undefined;
  /** When a page of Argus was last opened at another address than its public one. The log says which: anybody can claim one. */
  foreignOriginAt: Date | undefined;
}

export function createSurroundings(databaseIsPlain: boolean): Surroundings {
  return { databaseIsPlain, jobQueueIsUp: undefined, foreignOriginAt: undefined };
}
