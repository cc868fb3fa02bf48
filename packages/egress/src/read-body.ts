import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { EgressKind } from './egress-failure.ts';

/** A body that was abandoned, by kind; other stream failures are thrown unchanged. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly kind: EgressKind;

  constructor(kind: EgressKind) {
    super(`Body refused: ${kind}`);
    this.kind = kind;
  }
}

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

/** The codings that `readBody` can decode, for Accept-Encoding. */
export const acceptEncoding = 'gzip, deflate, br';

function isDecodable(coding: string): coding is keyof typeof decoders {
  return Object.hasOwn(decoders, coding);
}

/** Abandons a body unread. That closes its connection, which the stream reports as an error. */
export function abandon(body: Readable): void {
  body.on('error', () => {}).destroy();
}

/** Counts bytes and stops at the cap, so that neither side of a decoder grows without bound. */
function capped(maxBytes: number) {
  let bytes = 0;
  return async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new BodyRefused('too_large');
      yield chunk;
    }
  };
}

/**
 * Reads a body to its end and decodes it (RFC 9110, section 8.4). `maxBytes` caps the decoded bytes, so a compression
 * bomb is stopped as it expands. An unknown or repeated coding is refused, as Argus did not ask for it.
 */
export async function readBody(
  body: Readable,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const coding = (contentEncoding ?? '').trim().toLowerCase();
  const chunks: Uint8Array[] = [];
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) chunks.push(chunk);
  };
  if (coding === '' || coding === 'identity') {
    await pipeline(body, capped(maxBytes), collect);
  } else if (isDecodable(coding)) {
    await pipeline(body, capped(maxBytes), decoders[coding](), capped(maxBytes), collect);
  } else {
    abandon(body);
    throw new BodyRefused('protocol');
  }
  return Buffer.concat(chunks);
}
