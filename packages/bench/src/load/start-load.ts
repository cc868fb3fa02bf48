import { once } from 'node:events';
import { resolve } from 'node:path';
import { startProcess } from '../start-process.ts';
import type { LoadFigures, LoadOrder } from './generate-load.ts';

/** Sends load from its own process. */
export interface LoadGenerator {
  run(order: LoadOrder): Promise<LoadFigures>;
  stop(): Promise<void>;
}

export function startLoad(): LoadGenerator {
  const { child, stop } = startProcess(resolve(import.meta.dirname, 'generate-load.ts'), {});
  return {
    stop,
    async run(order) {
      const reply = once(child, 'message');
      child.send(order);
      const [{ figures, error }] = (await reply) as [{ figures?: LoadFigures; error?: string }];
      if (!figures) throw new Error(error ?? 'The load generator said nothing.');
      return figures;
    },
  };
}
