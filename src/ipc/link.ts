import type { Message, MessageStream } from "./message-stream.js";

/** A message of a protocol that maps types to bodies. */
export type MessageOf<Protocol> = {
  [Type in keyof Protocol & string]: {
    readonly type: Type;
    readonly body: Protocol[Type];
    readonly payload?: Uint8Array;
  };
}[keyof Protocol & string];

/** A message stream whose messages have types. Both ends are ours and of one version, so bodies are taken as they come. */
export class Link<Incoming, Outgoing> {
  private readonly stream: MessageStream;

  /** @param stream - the link owns its listeners from now on */
  constructor(stream: MessageStream) {
    this.stream = stream;
  }

  /** Bytes that the other process has not taken yet. */
  get backlogBytes(): number {
    return this.stream.backlogBytes;
  }

  /** Sends one message. */
  send(message: MessageOf<Outgoing>): void {
    this.stream.send(message satisfies Message);
  }

  /** Sets the one listener. */
  onMessage(listener: (message: MessageOf<Incoming>) => void): void {
    this.stream.onMessage((message) => listener(message as MessageOf<Incoming>));
  }

  /** Sets the one listener for the end of the link. */
  onClose(listener: () => void): void {
    this.stream.onClose(() => listener());
  }

  /** Sends what is queued, then closes. */
  close(): void {
    this.stream.close();
  }
}
