import koffi, { type TypeObject } from "koffi";
import type { UdpAddress } from "../address.js";
import { type LibC, loadLibC, PASSING_ERRORS } from "./libc.js";
import { encodeSocketAddress } from "./socket-address.js";

/** UDP_MAX_SEGMENTS of Linux, and what one datagram holds, whose form the segments have until the end. */
export const MAX_SEGMENTS = 64;
/** 65,535 less the headers of UDP and of IPv6 or IPv4, whichever is longer. */
export const MAX_BATCH_BYTES = 65_535 - 8 - 40;

/** Linux's numbers. */
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const LARGEST_SOCKET_ADDRESS = 28;

const IO_VECTOR = koffi.struct({ base: "void *", bytes: "size_t" });
const CONTROL = koffi.struct({ bytes: "size_t", level: "int", type: "int", segmentBytes: "uint16_t" });
const MESSAGE = koffi.struct({
  name: "void *",
  nameBytes: "uint32_t",
  vectors: "void *",
  vectorCount: "size_t",
  control: "void *",
  controlBytes: "size_t",
  flags: "int",
});
const NAME_BYTES_AT = koffi.offsetof(MESSAGE, "nameBytes");
const VECTOR_BYTES_AT = koffi.offsetof(IO_VECTOR, "bytes");
const SEGMENT_BYTES_AT = koffi.offsetof(CONTROL, "segmentBytes");

/** What became of a batch. */
export type BatchResult =
  | "sent"
  /** Not now: the send buffer is full. */
  | "busy"
  /** This address cannot be sent to in batches: the path's or the device's limits. */
  | "refused";

/**
 * Hands Linux many datagrams in one system call: one buffer, and how long each datagram in it is (`UDP_SEGMENT`; generic
 * segmentation offload, GSO). What a datagram costs on its way through the kernel is then paid once for all of them.
 *
 * One is enough for all sockets: nothing is kept between calls.
 */
export class SegmentSender {
  private readonly libc: LibC;
  private readonly message: NativeMemory;
  private readonly vector: NativeMemory;
  private readonly control: NativeMemory;
  private readonly name: NativeMemory;
  private readonly data: NativeMemory;

  private constructor(libc: LibC) {
    this.libc = libc;
    this.name = new NativeMemory(LARGEST_SOCKET_ADDRESS);
    this.data = new NativeMemory(MAX_BATCH_BYTES);
    this.vector = NativeMemory.of(IO_VECTOR, { base: this.data.address, bytes: 0 });
    this.control = NativeMemory.of(CONTROL, {
      bytes: SEGMENT_BYTES_AT + koffi.sizeof("uint16_t"),
      level: SOL_UDP,
      type: UDP_SEGMENT,
      segmentBytes: 0,
    });
    this.message = NativeMemory.of(MESSAGE, {
      name: this.name.address,
      nameBytes: 0,
      vectors: this.vector.address,
      vectorCount: 1,
      control: this.control.address,
      controlBytes: koffi.sizeof(CONTROL),
      flags: 0,
    });
  }

  /** Undefined where the system knows no segmentation. */
  static create(): SegmentSender | undefined {
    const libc = loadLibC();
    return libc && new SegmentSender(libc);
  }

  /** The form in which {@link send} takes an address; undefined if it has none. */
  encodeAddress(address: UdpAddress): Uint8Array | undefined {
    return encodeSocketAddress(this.libc, address);
  }

  /**
   * Sends datagrams of one size, of which only the last may be shorter; at most {@link MAX_SEGMENTS} and
   * {@link MAX_BATCH_BYTES} in all. All of them leave, or none.
   *
   * @param fd - the socket's file descriptor, in non-blocking mode
   */
  send(fd: number, datagrams: readonly Uint8Array[], address: Uint8Array): BatchResult {
    let bytes = 0;
    for (const datagram of datagrams) {
      this.data.bytes.set(datagram, bytes);
      bytes += datagram.length;
    }
    this.name.bytes.set(address);
    // The halves of 64 bits that are not written stay zero.
    this.message.view.setUint32(NAME_BYTES_AT, address.length, true);
    this.vector.view.setUint32(VECTOR_BYTES_AT, bytes, true);
    this.control.view.setUint16(SEGMENT_BYTES_AT, datagrams[0]!.length, true);
    if (this.libc.sendmsg(fd, this.message.address, 0) >= 0) return "sent";
    return PASSING_ERRORS.has(this.libc.errno()) ? "busy" : "refused";
  }
}

/** Memory outside of JavaScript's heap, which never moves. It is kept until the process ends. */
class NativeMemory {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(size: number) {
    this.address = koffi.alloc("uint8_t", size) as bigint;
    const memory = koffi.view(this.address, size);
    this.bytes = new Uint8Array(memory);
    this.view = new DataView(memory);
  }

  /** Holds one C structure. */
  static of(type: TypeObject, values: Record<string, number | bigint>): NativeMemory {
    const memory = new NativeMemory(koffi.sizeof(type));
    koffi.encode(memory.address, type, values);
    return memory;
  }
}
