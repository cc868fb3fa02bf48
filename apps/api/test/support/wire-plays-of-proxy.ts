import type { proxyCauses } from '@argus/contract/errors/causes/proxy';
import type { ProxyAnswer } from '../../../../packages/egress/test/connect-proxy.ts';
import { doing, type Play, type Stage } from './wire-play.ts';

/** From now on every call begins with a CONNECT, which the proxy answers so. */
async function throughProxy({ proxy, change }: Stage, answer: ProxyAnswer): Promise<void> {
  // Connections that were opened without the proxy belong to the former timeout.
  await change.settings({ connectTimeoutSeconds: 1 });
  proxy.answers(answer);
}

function answering(answer: ProxyAnswer): readonly Play[] {
  const play = doing(`the outbound proxy answers CONNECT with ${answer}`, (stage) => throughProxy(stage, answer));
  return [play, { ...play, when: `${play.when}, at the token endpoint`, atToken: true }];
}

/** How to provoke each failure of the outbound proxy, for whatever purpose. */
export const proxyPlays: Readonly<Record<keyof typeof proxyCauses, readonly Play[]>> = {
  proxy_unreachable: [...answering('close'), ...answering('silence')],
  proxy_credentials_rejected: answering(407),
  proxy_refused: answering(403),
  proxy_site_unreachable: answering(503),
  proxy_tls: [
    {
      when: 'there is no TLS behind the tunnel',
      // The change of the provider ends flows that began before it.
      before: callOverTls,
      arrange: async (stage) => {
        await callOverTls(stage);
        await throughProxy(stage, 'tunnel');
      },
      atToken: true,
    },
  ],
};

/** The token endpoint of the provider is https, which the fake does not speak. */
async function callOverTls({ admin, argus, change }: Stage): Promise<void> {
  const url = argus.fake.loginUrl.replace('http:', 'https:');
  const tokenEndpointUrl = `${url}/oauth2/v2.0/token`;
  const providers = await admin.call('GET /api/admin/auth-providers');
  if (providers.items[0]?.tokenEndpointUrl === tokenEndpointUrl) return;
  const { items } = await admin.call('GET /api/admin/remote-sites');
  if (!items.some(({ origin }) => origin === url)) {
    const site = { name: 'login over TLS', url, disableProtocolSecurity: false, active: true, description: '' };
    await admin.call('POST /api/admin/remote-sites', { body: site });
  }
  await change.provider({ tokenEndpointUrl });
}
