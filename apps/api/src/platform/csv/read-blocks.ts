/** Small enough to keep turns of the event loop short, large enough that the turns do not cost more than the work. */
const blockBytes = 64 * 1024;

/** The same bytes in blocks of at most 64 KiB, and of about that size however small the chunks are. */
export async function* readBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; start += blockBytes) {
      const piece = chunk.subarray(start, start + blockBytes);
      if (size + piece.length > blockBytes) {
        yield join(waiting, size);
        waiting = [];
        size = 0;
      }
      waiting.push(piece);
      size += piece.length;
    }
  }
  if (size > 0) yield join(waiting, size);
}

/** A single block of the right size is not copied. */
function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces, size);
}
