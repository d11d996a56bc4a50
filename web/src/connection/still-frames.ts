/**
 * What comes on the stream of still tiles: frames that hold messages and no pictures. Data channels carry them as well, but
 * where packets are lost SCTP slows down far more than congestion control of the video does, and masks wait behind tiles.
 */
export class StillFrames {
  private readonly worker: Worker;

  private constructor(worker: Worker) {
    this.worker = worker;
  }

  /** Asks for the stream in the connection's offer; undefined if the browser does not let a page read frames. */
  static of(connection: RTCPeerConnection, codecs: RTCRtpCodec[]): StillFrames | undefined {
    if (typeof RTCRtpScriptTransform === "undefined") return undefined;
    const transceiver = connection.addTransceiver("video", { direction: "recvonly" });
    transceiver.setCodecPreferences(codecs);
    const worker = new Worker(new URL("./still-frames-worker.ts", import.meta.url), { type: "module" });
    transceiver.receiver.transform = new RTCRtpScriptTransform(worker);
    return new StillFrames(worker);
  }

  /** Sets who is told of messages, until `signal` is aborted. */
  onMessage(handler: (message: Uint8Array) => void, signal: AbortSignal): void {
    const told = ({ data }: MessageEvent<ArrayBuffer>) => handler(new Uint8Array(data));
    this.worker.addEventListener("message", told, { signal });
  }

  /** Ends it, together with the connection. */
  close(): void {
    this.worker.terminate();
  }
}
