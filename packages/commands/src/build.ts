import { buildWeb } from './build-web.ts';
import { generateClient } from './generate-client.ts';

/** `pnpm build`: prepares what `node apps/api/src/main.ts` needs, and `pnpm start` would prepare itself. */
export async function build(): Promise<number> {
  await generateClient();
  await buildWeb();
  return 0;
}
