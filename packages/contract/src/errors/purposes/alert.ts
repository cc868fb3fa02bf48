import type { PurposeErrors } from '../compose.ts';
import type { Cause, Causes } from '../entry.ts';
import { linesIn } from '../messages.ts';
import { argusRemoteSites, checkRemoteSiteUrl } from '../places.ts';

const failed = { ja: 'アラートを送信できませんでした。', en: 'The alert could not be sent.' };

/** Why an alert was not delivered. An administrator can mend each; the alert itself is tried again. */
function undelivered(
  retry: Cause['retry'],
  ja: string,
  en: string,
  rest: Pick<Cause, 'guide'> & Partial<Cause>,
): Cause {
  return { retry, message: linesIn(`${failed.ja}\n${ja}`, `${failed.en}\n${en}`), ...rest };
}

const alertsPage = { ja: 'Argus 管理者メニュー > アラート', en: 'Argus admin menu > Alerts' };
const operatorsSettings = { ja: 'Argus のサーバの設定', en: 'Argus server settings' };

const causes = {
  site_not_registered: undelivered(
    'no',
    '送信先 {origin} を呼び出せません。\nリモートサイトに登録され、有効になっていることを確認してください。',
    'The destination {origin} cannot be called.\nCheck that it is registered as a remote site and is active.',
    {
      status: 409,
      aboutRemoteSite: true,
      guide: [
        {
          condition: {
            ja: '送信先のサイトがリモートサイトにないか、無効になっている場合。',
            en: 'The destination site is not in the remote sites, or is inactive.',
          },
          place: argusRemoteSites,
          remedy: checkRemoteSiteUrl,
          mendAt: '/admin/remote-sites',
          menders: ['portal_admin'],
        },
      ],
    },
  ),
  unreachable: undelivered(
    'later',
    '送信先 {origin} に接続できません。',
    'The destination {origin} cannot be reached.',
    {
      retryAfterSeconds: 60,
      guide: [
        {
          condition: {
            ja: '送信先のサーバが停止しているか、名前またはネットワークに問題がある場合。',
            en: 'The destination server is down, or there is a problem with its name or the network.',
          },
          place: alertsPage,
          remedy: {
            ja: '送信先のURLを確認してください。正しい場合は、Argus のサーバから送信先までのネットワークを確認してください。',
            en: 'Check the destination URL. If it is correct, check the network between the Argus server and the destination.',
          },
          mendAt: '/admin/alerts',
          menders: ['portal_admin', 'operator'],
        },
      ],
    },
  ),
  timeout: undelivered(
    'later',
    '送信先 {origin} からの応答がありません。',
    'The destination {origin} does not respond.',
    {
      status: 504,
      retryAfterSeconds: 60,
      guide: [
        {
          condition: { ja: '送信先が混み合っているか、停止している場合。', en: 'The destination is busy or down.' },
          remedy: {
            ja: '時間を置いてから「テスト送信」を実行してください。',
            en: 'Wait a while, then choose "Send test".',
          },
          mendAt: '/admin/alerts',
          menders: ['portal_admin'],
        },
      ],
    },
  ),
  refused: undelivered(
    'no',
    '送信先 {origin} が受け付けませんでした。\nエラー：{status} {reason}',
    'The destination {origin} did not accept the alert.\nError: {status} {reason}',
    {
      guide: [
        {
          condition: {
            ja: 'Webhook のURLが削除されたか、作り直されたか、形式（Teams・Slack・JSON）が送信先と異なる場合。',
            en: 'The webhook URL was deleted or re-created, or the format (Teams, Slack, JSON) does not match the destination.',
          },
          place: alertsPage,
          remedy: {
            ja: '送信先で Webhook のURLをもう一度コピーして「Webhook URL」に入力し、「形式」を確認してから「テスト送信」を実行してください。',
            en: 'Copy the webhook URL again at the destination and enter it in "Webhook URL", check "Format", then choose "Send test".',
          },
          mendAt: '/admin/alerts',
          menders: ['portal_admin'],
        },
      ],
    },
  ),
  throttled: undelivered(
    'later',
    '送信先 {origin} が一時的に受け付けていません。\nエラー：{status} {reason}',
    'The destination {origin} is temporarily not accepting alerts.\nError: {status} {reason}',
    {
      retryAfterSeconds: 60,
      guide: [
        {
          condition: {
            ja: '送信先が一時的に受け付けない場合。',
            en: 'The destination is temporarily not accepting alerts.',
          },
          remedy: {
            ja: 'Argus が時間を置いて自動的に送信し直します。対応は不要です。',
            en: 'Argus will send the alert again automatically after a while. You do not need to do anything.',
          },
          menders: ['portal_admin'],
        },
      ],
    },
  ),
  url_unreadable: undelivered(
    'no',
    '保存されている Webhook URL を復号できません。\n「Webhook URL」をもう一度入力してください。',
    'The stored webhook URL cannot be decrypted.\nEnter "Webhook URL" again.',
    {
      status: 500,
      guide: [
        {
          condition: {
            ja: '暗号鍵（ARGUS_VAULT_KEYS）が変わったか、データが書き換えられた場合。',
            en: 'The encryption keys (ARGUS_VAULT_KEYS) have changed, or the data was tampered with.',
          },
          place: alertsPage,
          remedy: { ja: '「Webhook URL」をもう一度入力してください。', en: 'Enter "Webhook URL" again.' },
          mendAt: '/admin/alerts',
          menders: ['portal_admin', 'operator'],
        },
      ],
    },
  ),
  mail_not_configured: undelivered('no', 'メールサーバが設定されていません。', 'No mail server is configured.', {
    status: 409,
    guide: [
      {
        condition: {
          ja: 'ARGUS_SMTP_URL と ARGUS_MAIL_FROM が設定されていない場合。',
          en: 'ARGUS_SMTP_URL and ARGUS_MAIL_FROM are not set.',
        },
        place: operatorsSettings,
        remedy: {
          ja: 'ARGUS_SMTP_URL と ARGUS_MAIL_FROM を設定し、Argus を再起動してください。',
          en: 'Set ARGUS_SMTP_URL and ARGUS_MAIL_FROM, then restart Argus.',
        },
        menders: ['operator'],
      },
    ],
  }),
  mail_server_unreachable: undelivered(
    'later',
    'メールサーバ {host} に接続できません。',
    'The mail server {host} cannot be reached.',
    {
      retryAfterSeconds: 60,
      guide: [
        {
          condition: {
            ja: 'メールサーバの名前・ポート・暗号化の方式が異なるか、サーバが停止しているか、Argus のサーバからの接続が許可されていない場合。',
            en: 'The name, port or encryption method of the mail server is wrong, the server is down, or it does not allow connections from the Argus server.',
          },
          place: operatorsSettings,
          remedy: {
            ja: 'ARGUS_SMTP_URL を確認してください。最初から暗号化するサーバ（ポート 465）では smtps://、そのほかでは smtp:// です。',
            en: 'Check ARGUS_SMTP_URL. Use smtps:// for servers that encrypt from the start (port 465), and smtp:// for all others.',
          },
          menders: ['operator'],
        },
      ],
    },
  ),
  mail_refused: undelivered(
    'no',
    'メールサーバ {host} が受け付けませんでした。\nエラー：{status}',
    'The mail server {host} did not accept the alert.\nError: {status}',
    {
      guide: [
        {
          condition: {
            ja: 'メールサーバが宛先または差出人を拒否した場合（550 など）。',
            en: 'The mail server rejected a recipient or the sender (such as 550).',
          },
          place: alertsPage,
          remedy: {
            ja: '「宛先」のアドレスを確認してください。差出人（ARGUS_MAIL_FROM）がこのサーバから送信できることも確認してください。',
            en: 'Check the addresses in "Recipients", and check that the sender (ARGUS_MAIL_FROM) is allowed to send from this server.',
          },
          mendAt: '/admin/alerts',
          menders: ['portal_admin', 'operator'],
        },
        {
          condition: {
            ja: 'ユーザ名またはパスワードが異なる場合（535 など）。',
            en: 'The user name or password is wrong (such as 535).',
          },
          place: operatorsSettings,
          remedy: {
            ja: 'ARGUS_SMTP_URL のユーザ名とパスワードを確認し、Argus を再起動してください。',
            en: 'Check the user name and password in ARGUS_SMTP_URL, then restart Argus.',
          },
          menders: ['operator'],
        },
      ],
    },
  ),
  recipients_refused: {
    retry: 'no',
    message: linesIn(
      'アラートは一部の宛先に届いていません。\nメールサーバ {host} が次の宛先を受け付けませんでした：{recipients}\nエラー：{status}',
      'The alert did not reach all recipients.\nThe mail server {host} did not accept: {recipients}\nError: {status}',
    ),
    guide: [
      {
        condition: {
          ja: '宛先のアドレスが変わったか、なくなった場合（550 など）。ほかの宛先には届いています。',
          en: 'The address of a recipient has changed or is gone (such as 550). The others have received the alert.',
        },
        place: alertsPage,
        remedy: {
          ja: '「宛先」のアドレスを確認し、使われなくなったものを削除してください。',
          en: 'Check the addresses in "Recipients", and remove those that are no longer used.',
        },
        mendAt: '/admin/alerts',
        menders: ['portal_admin'],
      },
    ],
  },
} as const satisfies Causes;

/** アラート: what Argus tells administrators by webhook or mail. */
export const alert = { purpose: 'alert', calls: [], usesGrant: false, causes } as const satisfies PurposeErrors;
