import type { MailServer } from '@argus/egress/send-mail';

/** How Argus sends mail of its own, as its operator says. */
export interface OperatorsMail {
  readonly server: MailServer;
  /** The sender's address. */
  readonly from: string;
}

const address = /^[^\s@<>"]+@[^\s@<>"]+$/;

/**
 * Reads ARGUS_SMTP_URL and ARGUS_MAIL_FROM. The first one is a secret: it has the password of the mail server, so no fault repeats
 * it.
 * @param value the text of a variable, undefined where it is not set
 * @param fault receives one sentence for each fault
 */
export function readMail(
  value: (name: string) => string | undefined,
  fault: (ja: string, en: string) => void,
): OperatorsMail | undefined {
  const url = value('ARGUS_SMTP_URL');
  const from = value('ARGUS_MAIL_FROM');
  if (url === undefined && from === undefined) return undefined;
  if (url === undefined || from === undefined) {
    fault(
      'ARGUS_SMTP_URL と ARGUS_MAIL_FROM は、両方を設定するか、両方を外してください。',
      'Set both ARGUS_SMTP_URL and ARGUS_MAIL_FROM, or neither.',
    );
    return undefined;
  }
  if (!address.test(from)) {
    fault(
      'ARGUS_MAIL_FROM は差出人のメールアドレス (例: argus@example.co.jp) です。',
      'ARGUS_MAIL_FROM must be the email address of the sender, such as argus@example.com.',
    );
  }
  const server = serverOf(url);
  if (server === undefined) {
    fault(
      'ARGUS_SMTP_URL は smtps://ユーザ名:パスワード@ホスト名:465 か smtp://ホスト名:587 の形です (ユーザ名とパスワードの記号はパーセント エンコード、例: @ は %40)。社内の暗号化しないサーバでは smtp://ホスト名:25?tls=none とします。',
      'ARGUS_SMTP_URL must be smtps://user:password@host:465 or smtp://host:587 (percent-encode special characters in the user and password: @ is %40), or smtp://host:25?tls=none for a server in your own network without encryption.',
    );
    return undefined;
  }
  return { server, from };
}

function serverOf(text: string): MailServer | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol !== 'smtp:' && url?.protocol !== 'smtps:') || url.hostname === '') return undefined;
  const isPlain = url.search === '?tls=none' && url.protocol === 'smtp:';
  if (!['', '/'].includes(url.pathname) || (url.search !== '' && !isPlain) || url.hash !== '' || url.port === '0') {
    return undefined;
  }
  const encryption = url.protocol === 'smtps:' ? 'implicit' : isPlain ? 'none' : 'starttls';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port =
    url.port === '' ? (encryption === 'implicit' ? 465 : encryption === 'none' ? 25 : 587) : Number(url.port);
  if (url.username === '' && url.password === '') return { host, port, encryption };
  try {
    const credentials = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    return { host, port, encryption, credentials };
  } catch {
    return undefined;
  }
}
