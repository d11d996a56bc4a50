/**
 * Reads the bit fields of a raw byte sequence payload, most significant bit first (H.264 §7.2, §9.1). Past the end it
 * reads zeros and sets {@link overrun}, so that a parser checks once, when it is done.
 */
export class BitReader {
  private readonly data: Uint8Array;
  private position = 0;
  private pastEnd = false;

  /** @param data - without emulation prevention bytes; see {@link unescapeRbsp} */
  constructor(data: Uint8Array) {
    this.data = data;
  }

  /** Whether more was read than there is; then nothing that was read is to be trusted. */
  get overrun(): boolean {
    return this.pastEnd;
  }

  /** One bit. */
  bit(): number {
    const byte = this.data[this.position >> 3];
    if (byte === undefined) {
      this.pastEnd = true;
      return 0;
    }
    const bit = (byte >> (7 - (this.position & 7))) & 1;
    this.position++;
    return bit;
  }

  /** An unsigned number of `count` bits, at most 32: u(n). */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  /** An unsigned Exp-Golomb number, at most 2³²−2: ue(v). */
  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros++;
      if (zeros > 31 || this.pastEnd) {
        this.pastEnd = true;
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** A signed Exp-Golomb number: se(v). */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

/** Removes the emulation prevention bytes of a NAL unit: `00 00 03` stands for `00 00` (H.264 §7.4.1). */
export function unescapeRbsp(data: Uint8Array): Uint8Array {
  const rbsp = new Uint8Array(data.length);
  let length = 0;
  let zeros = 0;
  for (const byte of data) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[length++] = byte;
  }
  return rbsp.subarray(0, length);
}
