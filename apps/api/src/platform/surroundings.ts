/** What this process has noticed of the machines around it, for the operator. */
export interface Surroundings {
  /** Whether what Argus sends to its database crosses a network as it is. */
  readonly databaseIsPlain: boolean;
  /** Whether this process has a job queue; undefined while it starts. */
  jobQueueIsUp: boolean | undefined;
  /** Where a page of Argus was last opened at another address than its public one. */
  foreignOrigin: { readonly origin: string; readonly at: Date } | undefined;
}

export function createSurroundings(databaseIsPlain: boolean): Surroundings {
  return { databaseIsPlain, jobQueueIsUp: undefined, foreignOrigin: undefined };
}
