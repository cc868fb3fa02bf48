import type { FastifyInstance } from 'fastify';

/** What Node refuses before there is a request (http.Server, event clientError). */
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

const lines: Readonly<Record<string, readonly string[]>> = {
  HPE_HEADER_OVERFLOW: [
    'アドレスまたは Cookie が長すぎるため、Argus はこの要求を読み取れません。',
    'このサイトの Cookie を削除してから、ポータルを開き直してください。続く場合は、この画面を管理者に見せてください。',
    'The address or the cookies are too long, so Argus cannot read this request.',
    'Delete the cookies of this site and open the portal again. If that does not help, show this page to your administrator.',
  ],
};

/** The part of a socket that is used here. */
interface Connection {
  readonly destroyed: boolean;
  readonly writable: boolean;
  destroy(): unknown;
  end(text: string): unknown;
}

/**
 * Fastify's `clientErrorHandler`. A browser that comes back from Microsoft with too long an address gets a page; whatever else cannot be
 * read gets a status without a body. Neither language nor path are known here.
 */
export function answerUnreadable(this: FastifyInstance, error: Error & { code?: string }, socket: Connection): void {
  // The client has gone.
  const { code = '' } = error;
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const status = statuses[code] ?? '400 Bad Request';
  this.log.debug({ err: error, status }, 'a request cannot be read');
  const text = (lines[code] ?? []).map((line) => `<p>${line}</p>`).join('');
  const body =
    text && `<!doctype html><html><head><meta charset="utf-8"><title>Argus</title></head><body>${text}</body></html>`;
  const headers = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    "Content-Security-Policy: default-src 'none'",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(body === '' ? [] : ['Content-Type: text/html; charset=utf-8']),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
