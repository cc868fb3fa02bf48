import type { Fault, FaultOrder, FaultTarget } from './fault.ts';

export interface FaultRegister {
  add(order: FaultOrder): Fault;
  /** @returns false where there is no such fault (any more) */
  remove(id: string): boolean;
  clear(): void;
  list(): Fault[];
  /**
   * The fault to play for a call, counted as played. Orders are served in sequence.
   * @param matchesUser whether a fault's `user` is the call's user
   */
  take(targets: readonly FaultTarget[], matchesUser: (user: string) => boolean): Fault | null;
}

export function createFaultRegister(): FaultRegister {
  let faults: Fault[] = [];
  let last = 0;
  return {
    add(order) {
      last += 1;
      const fault: Fault = { ...order, id: `fault-${last}` };
      faults.push(fault);
      return { ...fault };
    },
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    list() {
      return faults.map((fault) => ({ ...fault }));
    },
    take(targets, matchesUser) {
      for (const fault of faults) {
        if (!targets.includes(fault.target)) continue;
        if (fault.user !== undefined && !matchesUser(fault.user)) continue;
        if (fault.times === 0) continue;
        if (fault.skip !== undefined && fault.skip > 0) {
          fault.skip -= 1;
          continue;
        }
        if (fault.times !== undefined) {
          fault.times -= 1;
          if (fault.times === 0) faults = faults.filter((other) => other !== fault);
        }
        return fault;
      }
      return null;
    },
  };
}
