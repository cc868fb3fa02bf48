import type { Transporter } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';

/** A mail server that accepts mail for sending (RFC 6409). */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte (RFC 8314). `starttls`: nothing is sent before STARTTLS (RFC 3207) has succeeded.
   * `none`: in plain text.
   */
  readonly encryption: 'implicit' | 'starttls' | 'none';
  readonly credentials?: { readonly username: string; readonly password: string };
}

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Why a mail was not accepted. */
export interface MailFact {
  readonly kind: 'unreachable' | 'timeout' | 'refused';
  readonly host: string;
  /** The reply code of SMTP (RFC 5321, 4.2). */
  readonly status?: number;
  /** The library's or the operating system's code, such as ECONNREFUSED. */
  readonly code?: string;
}

/** Its message contains nothing that the server sent. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  readonly fact: MailFact;

  constructor(fact: MailFact, options?: ErrorOptions) {
    super(`Mail was not sent: ${fact.kind} at ${fact.host}`, options);
    this.fact = fact;
  }
}

/** The recipients that a server refused while it accepted the mail for others. */
export interface Refused {
  readonly recipients: readonly string[];
  /** The reply code of SMTP for the first of them. */
  readonly status?: number;
}

/**
 * Sends one mail. The operator named the server, so the remote-site list does not concern it; no URL and no file in a mail
 * is ever opened.
 * @param timeoutMs for each of connecting, the greeting, and silence afterwards
 * @returns null where the server accepted it for everybody
 * @throws MailFailure where it accepted it for nobody
 */
export async function sendMail(server: MailServer, mail: OutgoingMail, timeoutMs: number): Promise<Refused | null> {
  return asking(server, timeoutMs, async (transport) => {
    const { rejected, rejectedErrors } = await transport.sendMail({ ...mail, to: [...mail.to] });
    if (rejected.length === 0) return null;
    const status = rejectedErrors?.[0]?.responseCode;
    return { recipients: rejected, ...(status === undefined ? {} : { status }) };
  });
}

/**
 * Connects to a mail server, with its encryption and credentials, and sends nothing.
 * @throws MailFailure
 */
export async function probeMailServer(server: MailServer, timeoutMs: number): Promise<void> {
  await asking(server, timeoutMs, async (transport) => {
    await transport.verify();
  });
}

async function asking<T>(
  server: MailServer,
  timeoutMs: number,
  work: (transport: Transporter<SMTPTransport.SentMessageInfo>) => Promise<T>,
): Promise<T> {
  const transport = await transportTo(server, timeoutMs);
  try {
    return await work(transport);
  } catch (cause) {
    throw new MailFailure(factOf(server.host, cause), { cause });
  } finally {
    transport.close();
  }
}

async function transportTo({ host, port, encryption, credentials }: MailServer, timeoutMs: number) {
  // Most installations send no mail, and it takes a fifth of a second of every start.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: encryption === 'implicit',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(credentials ? { auth: { user: credentials.username, pass: credentials.password } } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function factOf(host: string, cause: unknown): MailFact {
  const { code, responseCode } = cause as { code?: string; responseCode?: number };
  // Also where the server has a reply code for it: it does not speak the encryption that the operator asks for.
  if (code === 'ETLS' || code === 'EREQUIRETLS') return { kind: 'unreachable', host, code };
  if (responseCode !== undefined) return { kind: 'refused', host, status: responseCode, ...(code ? { code } : {}) };
  if (code === 'EENVELOPE' || code === 'EAUTH') return { kind: 'refused', host, code };
  return { kind: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', host, ...(code ? { code } : {}) };
}
