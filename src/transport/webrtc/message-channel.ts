import type { DataChannel } from "node-datachannel";

/** More waits than this: the receiver of a drain is not told before it has left. */
const DRAIN_BELOW_BYTES = 64 * 1_024;

/** What each data channel is for, and how it is set up: both sides know it beforehand (RFC 8832 is not needed). */
export const CHANNELS = {
  masks: { id: 1, label: "sightline.masks", unordered: true, maxRetransmits: 0 },
  tiles: { id: 2, label: "sightline.tiles" },
  pointer: { id: 3, label: "sightline.pointer", unordered: true, maxRetransmits: 0 },
} as const;

/** The name of a data channel. */
export type ChannelName = keyof typeof CHANNELS;

/** Messages to and from the other side, over one data channel (RFC 8831). */
export class MessageChannel {
  private readonly channel: DataChannel;
  /** Settles once the channel has closed. */
  readonly closed: Promise<void>;
  private handlers: Partial<Record<"open" | "drain", () => void>> & { message?: (data: Uint8Array) => void } = {};

  constructor(channel: DataChannel) {
    this.channel = channel;
    channel.setBufferedAmountLowThreshold(DRAIN_BELOW_BYTES);
    this.closed = new Promise((done) => channel.onClosed(done));
    channel.onOpen(() => this.handlers.open?.());
    channel.onBufferedAmountLow(() => this.handlers.drain?.());
    channel.onMessage((message) => {
      if (typeof message !== "string") this.handlers.message?.(new Uint8Array(message as Uint8Array));
    });
  }

  /** Messages can be sent. */
  get isOpen(): boolean {
    return this.channel.isOpen();
  }

  /** What was given to {@link send} and has not left yet. */
  get bufferedBytes(): number {
    return this.channel.isOpen() ? this.channel.bufferedAmount() : 0;
  }

  /**
   * Sends one message. It is copied.
   *
   * @returns false if the channel is not open, or the message is longer than the other side takes (262,144 bytes as a rule)
   */
  send(message: Uint8Array): boolean {
    if (!this.channel.isOpen() || message.length > this.channel.maxMessageSize()) return false;
    try {
      this.channel.sendMessageBinary(message);
      return true;
    } catch {
      return false; // it closed in this moment
    }
  }

  /** Sets who is told that the channel opened. */
  onOpen(handler: () => void): void {
    this.handlers.open = handler;
    if (this.isOpen) handler();
  }

  /** Sets who is told that little waits to be sent: at most 64 KiB, after it was more. */
  onDrain(handler: () => void): void {
    this.handlers.drain = handler;
  }

  /** Sets who gets the messages that come. */
  onMessage(handler: (message: Uint8Array) => void): void {
    this.handlers.message = handler;
  }

  /** Closes the channel; nothing is told of it. */
  close(): void {
    this.handlers = {};
    this.channel.close();
  }
}

/** The data channels of a connection; none if the other side did not ask for them. */
export type MessageChannels = Readonly<Partial<Record<ChannelName, MessageChannel>>>;
