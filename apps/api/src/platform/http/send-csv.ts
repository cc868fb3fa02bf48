import type { FastifyReply } from 'fastify';

/** Replies with a CSV file to be saved under this name (RFC 6266). The body is a stream. */
export function sendCsv(reply: FastifyReply, fileName: string, encoding: 'utf-8' | 'cp932' = 'utf-8'): void {
  const charset = encoding === 'cp932' ? 'Shift_JIS' : 'utf-8';
  const plain = fileName.replaceAll(/[^\w.-]/g, '_');
  // encodeURIComponent leaves some characters that RFC 8187 requires to be encoded.
  const extended = encodeURIComponent(fileName).replaceAll(
    /['()*!]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  reply
    .type(`text/csv; charset=${charset}; header=present`)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${extended}`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff');
}
