import { type EncodedFrame, type RtpTimestamp, SightlineError } from "../../core/index.js";
import { type Child, Link, type MessageOf, startChild } from "../../ipc/index.js";
import type { FromViewer, ToViewer, ViewerRequest } from "./protocol.js";

/** Encoded bytes on their way to a viewer that does not keep up; beyond it, frames are left out until a keyframe. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;
/** How long a viewer may take to finish its files after it was asked to close. */
const CLOSE_TIMEOUT_MS = 5_000;

/** A frame for the viewer, with what is known of its time. */
export interface ViewerFrame extends EncodedFrame {
  readonly captureTimeKnown: boolean;
  readonly rtpTimestamp?: RtpTimestamp;
}

/** What the viewer process reports. */
export interface ViewerHandlers {
  message(message: MessageOf<FromViewer>): void;
  /** The process is gone after it was open: asked to, or by a crash. */
  exited(exit: { readonly expected: boolean; readonly description: string }): void;
}

/** The process that decodes and shows, seen from the process that has the network. */
export class ViewerProcess {
  private readonly child: Child;
  private readonly link: Link<FromViewer, ToViewer>;
  /** Which kind of window the process opened. */
  windowKind: "x11" | "sdl" | "none" = "none";
  private closing = false;
  private skipping = false;

  private constructor(child: Child) {
    this.child = child;
    this.link = new Link(child.messages);
  }

  /**
   * Starts the process and waits until its window and files are open.
   *
   * @throws SightlineError if the window or a file cannot be opened
   */
  static async start(request: ViewerRequest, handlers: ViewerHandlers): Promise<ViewerProcess> {
    const child = startChild(new URL("./main.js", import.meta.url), { inheritStdout: request.frames === "-" });
    const viewer = new ViewerProcess(child);
    let isOpen = false;
    await new Promise<void>((resolve, reject) => {
      viewer.link.onMessage((message) => {
        if (message.type === "opened") {
          viewer.windowKind = message.body.window;
          isOpen = true;
          resolve();
        }
        if (message.type === "failed") {
          viewer.closing = true;
          reject(new SightlineError(message.body.code, message.body.message));
        }
        handlers.message(message);
      });
      child.exited.then(({ code, signal }) => {
        const description = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
        reject(new SightlineError("internal", `the viewer process did not start: ${description}`));
        if (isOpen) handlers.exited({ expected: viewer.closing, description });
      });
      viewer.post({ type: "open", body: request });
    });
    return viewer;
  }

  /**
   * Hands over a frame in decoding order.
   *
   * @returns false if the viewer is so far behind that the frame was left out; a keyframe is needed to go on
   */
  show(frame: ViewerFrame): boolean {
    if (this.skipping && !frame.keyframe) return true;
    this.skipping = this.link.backlogBytes > MAX_BACKLOG_BYTES;
    if (this.skipping) return false;
    const { codec, keyframe, captureTime, captureTimeKnown, rtpTimestamp } = frame;
    const times = { captureTime, captureTimeKnown, ...(rtpTimestamp !== undefined && { rtpTimestamp }) };
    this.post({ type: "frame", body: { codec, keyframe, ...times }, payload: frame.data });
    return true;
  }

  /** Sends a message. */
  post(message: MessageOf<ToViewer>): void {
    this.link.send(message);
  }

  /** Lets the process finish its files and waits until it is gone. */
  async close(): Promise<void> {
    this.closing = true;
    this.post({ type: "close", body: undefined });
    const timeout = setTimeout(() => this.child.kill(), CLOSE_TIMEOUT_MS);
    await this.child.exited;
    clearTimeout(timeout);
  }
}
