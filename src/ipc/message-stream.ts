import type { Duplex } from "node:stream";
import { SightlineError } from "../core/index.js";

/** One message between two processes: a name, optional JSON data, optional bytes. */
export interface Message {
  readonly type: string;
  /** Anything that survives JSON. */
  readonly body?: unknown;
  /** Bytes that travel beside the JSON, uncopied on the sending side. */
  readonly payload?: Uint8Array;
}

/** No message is larger: a raw 8K picture is 133 MB. A larger length is a torn stream. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
const PREFIX_BYTES = 8;
const NO_PAYLOAD = new Uint8Array(0);

/**
 * Framed messages over a byte stream between two of our own processes.
 *
 * ```
 *  0               4               8
 * +---------------+---------------+-----------+-----------+
 * | header length | payload length| header    | payload   |
 * +---------------+---------------+-----------+-----------+
 * ```
 * Lengths are unsigned 32-bit big-endian byte counts; the header is JSON (`{"type", "body"}`) in UTF-8.
 */
export class MessageStream {
  private readonly stream: Duplex;
  private readonly chunks: Buffer[] = [];
  private buffered = 0;
  private needed = PREFIX_BYTES;
  private closed = false;
  private messageListener: (message: Message) => void = () => {};
  private closeListener: (error?: SightlineError) => void = () => {};

  /** @param stream - a connected stream; the message stream owns it from now on. */
  constructor(stream: Duplex) {
    this.stream = stream;
    stream.on("data", (chunk: Buffer) => this.receive(chunk));
    stream.on("error", (cause) => this.end(new SightlineError("internal", "a process link broke", { cause })));
    stream.on("end", () => this.end());
    stream.on("close", () => this.end());
  }

  /** Bytes handed to {@link send} that the other process has not taken yet. */
  get backlogBytes(): number {
    return this.stream.writableLength;
  }

  /** Sends a message; quietly does nothing once the stream is closed. `payload` must not be changed afterwards. */
  send(message: Message): void {
    if (this.closed || !this.stream.writable) return;
    const header = Buffer.from(JSON.stringify({ type: message.type, body: message.body }));
    const payload = message.payload ?? NO_PAYLOAD;
    const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
    prefix.writeUInt32BE(header.length, 0);
    prefix.writeUInt32BE(payload.length, 4);
    this.stream.cork();
    this.stream.write(Buffer.concat([prefix, header]));
    if (payload.length > 0) this.stream.write(payload);
    this.stream.uncork();
  }

  /** Sets the one listener for messages. */
  onMessage(listener: (message: Message) => void): void {
    this.messageListener = listener;
  }

  /** Sets the one listener for the end of the stream; it gets an error if the end was not orderly. */
  onClose(listener: (error?: SightlineError) => void): void {
    this.closeListener = listener;
  }

  /** Sends what is queued, then closes. */
  close(): void {
    if (!this.closed) this.stream.end();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (!this.closed && this.buffered >= this.needed) {
      const data = this.joined();
      const headerBytes = data.readUInt32BE(0);
      const payloadBytes = data.readUInt32BE(4);
      const total = PREFIX_BYTES + headerBytes + payloadBytes;
      if (total > MAX_MESSAGE_BYTES) {
        this.stream.destroy();
        this.end(new SightlineError("internal", `a process link carried an impossible message of ${total} bytes`));
        return;
      }
      this.needed = total;
      if (data.length < total) return;
      const rest = data.subarray(total);
      this.chunks.length = 0;
      if (rest.length > 0) this.chunks.push(rest);
      this.buffered = rest.length;
      this.needed = PREFIX_BYTES;
      this.deliver(
        data.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes),
        data.subarray(PREFIX_BYTES + headerBytes, total),
      );
    }
  }

  /** All buffered bytes as one; joined only when enough for the next step are there, so that no byte is copied often. */
  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks.splice(0, this.chunks.length, Buffer.concat(this.chunks, this.buffered));
    return this.chunks[0]!;
  }

  private deliver(header: Buffer, payload: Buffer): void {
    const { type, body } = JSON.parse(header.toString()) as { type: string; body?: unknown };
    this.messageListener(payload.length > 0 ? { type, body, payload } : { type, body });
  }

  private end(error?: SightlineError): void {
    if (this.closed) return;
    this.closed = true;
    this.closeListener(error);
  }
}
