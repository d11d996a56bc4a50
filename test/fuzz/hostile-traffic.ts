import { type Rng, uniform } from "../../src/core/index.js";

/** Payload types and packet types that get past the first look. */
const INTERESTING_SECOND_BYTES = [96, 96 | 0x80, 97, 26, 200, 201, 202, 203, 204, 205, 206, 207];
const MAX_SIZE = 1_400;

/** Makes datagrams that an attacker or a broken peer may send: cheap to make, seeded, and often nearly right. */
export class HostileTraffic {
  private readonly rng: Rng;

  constructor(rng: Rng) {
    this.rng = rng;
  }

  /** An integer in 0 … `below` − 1. */
  integer(below: number): number {
    return Math.floor(uniform(this.rng) * below);
  }

  /** Random bytes, half of them with a header that gets past the first look. */
  random(): Uint8Array {
    const datagram = new Uint8Array(this.integer(this.integer(8) === 0 ? MAX_SIZE : 80));
    for (let i = 0; i < datagram.length; i++) datagram[i] = this.rng.uint32();
    if (this.integer(2) === 0 && datagram.length >= 2) {
      datagram[0] = 0x80 | (datagram[0]! & 0x3f);
      datagram[1] = INTERESTING_SECOND_BYTES[this.integer(INTERESTING_SECOND_BYTES.length)]!;
    }
    return datagram;
  }

  /** A copy with one to four bits turned over, mostly near the start. */
  mutated(original: Uint8Array): Uint8Array {
    const datagram = original.slice();
    for (let flips = 1 + this.integer(4); flips > 0; flips--) {
      const at = this.integer(this.integer(2) === 0 ? Math.min(40, datagram.length) : datagram.length);
      datagram[at] = datagram[at]! ^ (1 << this.integer(8));
    }
    return datagram;
  }

  /** A copy cut short. */
  truncated(original: Uint8Array): Uint8Array {
    return original.slice(0, this.integer(original.length));
  }

  /** A copy of an RTP packet with another SSRC. */
  withWrongSsrc(original: Uint8Array): Uint8Array {
    return this.withRandomBytes(original, 8, 12);
  }

  /** A copy of an RTP packet with another sequence number. */
  withWildSequence(original: Uint8Array): Uint8Array {
    return this.withRandomBytes(original, 2, 4);
  }

  private withRandomBytes(original: Uint8Array, from: number, to: number): Uint8Array {
    const datagram = original.slice();
    for (let i = from; i < Math.min(to, datagram.length); i++) datagram[i] = this.rng.uint32();
    return datagram;
  }
}
