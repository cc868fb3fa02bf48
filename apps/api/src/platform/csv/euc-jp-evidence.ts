/**
 * Tells EUC-JP from CP932, byte by byte. In EUC-JP a character is a pair of bytes from A1 on, which CP932 reads as two
 * half-width kana; most characters of CP932 begin with a byte that EUC-JP never has. As a file in half-width kana may look like
 * pairs, too, something is needed that such a file hardly has: kana of EUC-JP (A4, A5), or a byte from E0 on.
 */
export class EucJpEvidence {
  #pairs = 0;
  #broken = 0;
  #telling = 0;
  /** How many bytes the current character still needs; its first byte. */
  #left = 0;
  #lead = 0;

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#left > 0) this.#addTrail(byte);
      else if (byte >= 0x80) this.#addLead(byte);
    }
  }

  /** One broken byte must not make a file of pairs CP932. */
  get isEucJp(): boolean {
    return this.#telling > 0 && this.#broken * 10 <= this.#pairs;
  }

  #addLead(byte: number): void {
    this.#lead = byte;
    if (byte === 0x8f) this.#left = 2;
    else if (byte === 0x8e || (byte >= 0xa1 && byte <= 0xfe)) this.#left = 1;
    else this.#broken += 1;
  }

  #addTrail(byte: number): void {
    if (byte < 0xa1 || byte > 0xfe) {
      this.#left = 0;
      this.#broken += 1;
      if (byte >= 0x80) this.#addLead(byte);
      return;
    }
    this.#left -= 1;
    if (this.#left > 0) return;
    this.#pairs += 1;
    const isKana = this.#lead === 0xa4 || this.#lead === 0xa5;
    // From F5 on are the kanji that vendors added: CP932 has pairs of such bytes, too.
    const isHigh = this.#lead >= 0xb0 && this.#lead <= 0xf4 && (this.#lead >= 0xe0 || byte >= 0xe0);
    if (isKana || isHigh) this.#telling += 1;
  }
}
