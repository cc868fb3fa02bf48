import type { Text } from '../../language.ts';
import type { Causes, GuideRow, MatchRule, NetworkFault } from '../entry.ts';

/** What the outbound proxy did, on the way to whichever endpoint. */
function through(...network: readonly NetworkFault[]): readonly MatchRule[] {
  return [
    { call: 'token', network },
    { call: 'identity', network },
    { call: 'graph', network },
  ];
}

const proxySetting: Text = {
  ja: 'Argus のサーバの設定 ARGUS_OUTBOUND_PROXY',
  en: 'Argus server setting ARGUS_OUTBOUND_PROXY',
};

/** The proxy is right, and this call should not go through it. */
const shouldGoDirectly: GuideRow = {
  condition: {
    ja: 'プロキシを経由してはいけない接続先（社内のゲートウェイなど）を、プロキシ経由で呼び出している場合。',
    en: 'A site that must not be called through the proxy (such as an internal gateway) is being called through it.',
  },
  place: { ja: 'Argus のサーバの設定 ARGUS_NO_PROXY', en: 'Argus server setting ARGUS_NO_PROXY' },
  remedy: {
    ja: '接続先のホスト名を ARGUS_NO_PROXY に追加し、Argus を再起動してください。',
    en: 'Add the host name of the site to ARGUS_NO_PROXY, then restart Argus.',
  },
  menders: ['operator'],
};

/**
 * Failures of the company's outbound proxy. It answers CONNECT before Microsoft hears anything, so none of them is an
 * answer of Microsoft.
 */
export const proxyCauses = {
  proxy_unreachable: {
    match: through('proxy_unreachable', 'proxy_timeout'),
    says: {
      ja: 'Argus のサーバからプロキシに接続できません。',
      en: 'the Argus server cannot connect to the outbound proxy.',
    },
    retry: 'later',
    guide: [
      {
        condition: {
          ja: 'プロキシが停止しているか、応答しない場合。または、プロキシのホスト名やポートに誤りがある場合。',
          en: 'The proxy is down or does not answer, or its host name or port is wrong.',
        },
        place: proxySetting,
        remedy: {
          ja: 'ARGUS_OUTBOUND_PROXY のホスト名とポートに誤りがないか、Argus のサーバからプロキシに接続できるかを確認してください。',
          en: 'Check the host name and port in ARGUS_OUTBOUND_PROXY, and check that the Argus server can connect to the proxy.',
        },
        menders: ['operator'],
      },
    ],
  },
  proxy_credentials_rejected: {
    match: through('proxy_credentials'),
    says: {
      ja: 'プロキシが Argus のユーザ名とパスワードを受け付けません（プロキシの応答 407）。',
      en: 'the outbound proxy does not accept the user name and password of Argus (407 response from the proxy).',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'プロキシのユーザ名かパスワードがない、誤りがある、または期限が切れている場合。',
          en: 'The user name or password for the proxy is missing or wrong, or has expired.',
        },
        place: proxySetting,
        remedy: {
          ja: 'ARGUS_OUTBOUND_PROXY を http://ユーザ名:パスワード@ホスト名:ポート の形で設定し直し、Argus を再起動してください。記号はパーセント エンコードします（@ は %40）。Argus が使う認証方式は Basic だけです。',
          en: 'Set ARGUS_OUTBOUND_PROXY again as http://user:password@host:port, then restart Argus. Percent-encode special characters (@ is %40). Argus supports only Basic authentication.',
        },
        menders: ['operator'],
      },
    ],
  },
  proxy_refused: {
    match: through('proxy_refused'),
    says: {
      ja: 'プロキシが接続を許可していません。',
      en: 'the outbound proxy does not allow the connection.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'プロキシの許可リストに接続先のホスト名かポートがない場合（Microsoft の応答ではありません）。',
          en: "The host name or port is not in the proxy's list of permitted sites (this is not a response from Microsoft).",
        },
        place: proxySetting,
        remedy: {
          ja: 'プロキシの担当者に、Argus のサーバから接続先への CONNECT を許可してもらってください。プロキシのログに拒否の理由があります。',
          en: 'Ask your proxy administrator to allow CONNECT from the Argus server to that site. The reason is in the proxy log.',
        },
        menders: ['operator'],
      },
      shouldGoDirectly,
    ],
  },
  proxy_site_unreachable: {
    match: through('proxy_upstream'),
    says: {
      ja: 'プロキシから接続先に接続できません。',
      en: 'the outbound proxy cannot connect to the site.',
    },
    retry: 'later',
    guide: [
      {
        condition: {
          ja: 'プロキシが接続先の名前を解決できない、接続先に接続できない、または一時的に過負荷の場合。',
          en: 'The proxy cannot resolve the name of the site, cannot connect to it, or is temporarily overloaded.',
        },
        place: proxySetting,
        remedy: {
          ja: 'プロキシの担当者に、プロキシから接続先へ接続できるかを確認してもらってください。プロキシのログに理由があります。',
          en: 'Ask your proxy administrator to check that the proxy can connect to that site. The reason is in the proxy log.',
        },
        menders: ['operator'],
      },
      {
        condition: {
          ja: 'エンドポイントURLのホスト名に誤りがあり、その名前のサーバがない場合。',
          en: 'The host name in the endpoint URL is wrong, and there is no server with that name.',
        },
        place: { ja: 'Argus 管理者メニュー > リモートサイト', en: 'Argus admin menu > Remote sites' },
        remedy: {
          ja: 'リモートサイトと、それを使うURLのホスト名に誤りがないか確認してください。',
          en: 'Check that the host names of the remote site and of the URL that uses it are correct.',
        },
        mendAt: '/admin/remote-sites',
        menders: ['portal_admin'],
        unlikelyWith: ['worked_before'],
      },
      shouldGoDirectly,
    ],
  },
  proxy_tls: {
    match: through('proxy_tls'),
    says: {
      ja: 'プロキシ経由では、接続先との安全な接続（TLS）を確立できません。',
      en: 'a secure connection (TLS) to the site cannot be established through the outbound proxy.',
    },
    retry: 'no',
    guide: [
      {
        condition: {
          ja: 'プロキシが通信を検査するために、独自の証明書に差し替えている場合。',
          en: 'The proxy replaces the certificate with its own in order to inspect traffic.',
        },
        place: {
          ja: 'Argus のサーバの設定 NODE_EXTRA_CA_CERTS',
          en: 'Argus server setting NODE_EXTRA_CA_CERTS',
        },
        remedy: {
          ja: 'プロキシの担当者に、接続先を検査の対象から外してもらうか、プロキシの認証局の証明書ファイルを NODE_EXTRA_CA_CERTS に指定して Argus を再起動してください。',
          en: "Ask your proxy administrator to exclude the site from inspection, or set NODE_EXTRA_CA_CERTS to the certificate file of the proxy's certificate authority and restart Argus.",
        },
        menders: ['operator'],
      },
      {
        condition: {
          ja: 'プロキシが接続を途中で切断したか、接続先の証明書に誤りがある場合。',
          en: 'The proxy closed the connection, or the certificate of the site is wrong.',
        },
        place: proxySetting,
        remedy: {
          ja: 'プロキシのログを確認し、接続先の証明書をほかのネットワークから確認してください。',
          en: 'Check the proxy log, and check the certificate of the site from another network.',
        },
        menders: ['operator'],
      },
    ],
  },
} as const satisfies Causes;
