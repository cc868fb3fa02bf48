import type { OutboundProxy } from '@argus/egress/outbound-proxy';
import { type ProxyAnswer, startConnectProxy } from '../../../../packages/egress/test/connect-proxy.ts';

/** An outbound proxy between Argus and the fake, by whose answers a test can change what Argus meets. */
export async function stageProxy() {
  const state: { isUsed: boolean; answer: ProxyAnswer } = { isUsed: true, answer: 'tunnel' };
  const proxy = await startConnectProxy({ credentials: 'argus:secret', answer: () => state.answer });
  const config: OutboundProxy = {
    scheme: 'http',
    host: '127.0.0.1',
    port: proxy.port,
    credentials: { username: 'argus', password: 'secret' },
    goesDirectly: () => !state.isUsed,
  };
  return {
    ...proxy,
    config,
    /** From now on it answers so; `directly`: it is not used. */
    answers(answer: ProxyAnswer | 'directly') {
      state.isUsed = answer !== 'directly';
      if (answer !== 'directly') state.answer = answer;
    },
  };
}

export type StagedProxy = Awaited<ReturnType<typeof stageProxy>>;
