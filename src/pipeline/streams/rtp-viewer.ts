import { now } from "../../clock/index.js";
import {
  type EncodedFrame,
  type Micros,
  RtpSender,
  type RtpSenderOptions,
  type SenderEvent,
  type SenderInput,
  type SenderStatistics,
  toMillis,
} from "../../core/index.js";
import { Driver } from "../../transport/index.js";
import type { EncodingFeed } from "./encoding-feed.js";
import type { FeedMember, FrameTaker } from "./feed-member.js";

/** Options of {@link RtpViewer}. */
export interface RtpViewerOptions {
  readonly sender: RtpSenderOptions;
  /** Carries an RTP or RTCP datagram to the viewer. */
  readonly transmit: (datagram: Uint8Array) => void;
  /** All that leaves together was handed to `transmit`. */
  readonly drained?: () => void;
  /** Told of what the encoder has not to know: who appeared and left. */
  readonly onEvent: (event: SenderEvent) => void;
}

/** What is known of the path to a viewer. */
export interface ViewerPath {
  /** What congestion control allows the encoder, in bits/s. */
  readonly targetBps: number;
  /** Frames are being left out, because too much waits. */
  readonly isSkipping: boolean;
}

/**
 * One receiving end of a stream: its own sender with congestion control, repair and pacing, fed by an encoding that it may
 * share with others. Whatever carries its datagrams, UDP or WebRTC, is the caller's.
 */
export class RtpViewer implements FrameTaker {
  private readonly sender: RtpSender;
  private readonly driver: Driver<SenderInput, { readonly datagram: Uint8Array }, SenderEvent>;
  private readonly onEvent: (event: SenderEvent) => void;
  private feed: EncodingFeed | undefined;
  private member: FeedMember | undefined;
  private backlogTimer: NodeJS.Timeout | undefined;
  private targetBps: number;

  constructor({ sender, transmit, drained, onEvent }: RtpViewerOptions) {
    this.onEvent = onEvent;
    this.sender = new RtpSender(sender);
    this.targetBps = this.sender.stats(now()).targetBitrateBps;
    this.driver = new Driver(this.sender, {
      transmit: ({ datagram }) => transmit(datagram),
      event: (event) => this.handleEvent(event),
      ...(drained && { drained }),
    });
  }

  /** How its path fares. */
  get path(): ViewerPath {
    return { targetBps: this.targetBps, isSkipping: this.member?.isSkipping ?? false };
  }

  /** Sends another encoding's frames from now on, beginning with a keyframe; undefined: none. */
  follow(feed: EncodingFeed | undefined): void {
    if (feed === this.feed) return;
    this.member?.leave();
    this.feed = feed;
    this.member = undefined;
    this.member = feed?.join(this, this.targetBps);
    this.watchBacklog();
  }

  /** {@inheritDoc FrameTaker.send} */
  send(frame: EncodedFrame): void {
    this.driver.input({ kind: "frame", frame });
    this.watchBacklog();
  }

  /**
   * What is still in the stream has changed: `captureTime` is of the picture that did, or in which the pixels are that have come.
   */
  stillsChanged(captureTime: Micros): void {
    this.driver.input({ kind: "stills-changed", captureTime });
  }

  /** The source's mouse pointer moved, or looks different. */
  pointerChanged(): void {
    this.driver.input({ kind: "pointer-changed" });
  }

  /** Whether the channel of the pixels takes more. At first: it is open. */
  takeStills(isReady: boolean): void {
    this.driver.input({ kind: "stills-channel", isReady });
  }

  /** While `on`, still tiles are of no use: the picture is a smaller one. */
  pauseStills(on: boolean): void {
    this.driver.input({ kind: "stills-pause", on });
  }

  /** The viewer needs all still tiles anew. */
  refreshStills(): void {
    this.driver.input({ kind: "stills-refresh" });
  }

  /** A datagram that came back from the viewer. */
  receive(datagram: Uint8Array, remote?: string): void {
    this.driver.input({ kind: "datagram", datagram, ...(remote !== undefined && { remote }) });
  }

  /** The next frame should be a keyframe for all that share the encoding; a still picture is encoded `repeats` times more. */
  requestKeyframe(repeats: number): void {
    this.feed?.requestKeyframe(repeats);
  }

  /** What was sent, and how it arrives. */
  statistics(): SenderStatistics {
    return this.sender.stats(now());
  }

  /** Takes no more frames, and says goodbye. */
  close(): void {
    this.follow(undefined);
    clearTimeout(this.backlogTimer);
    this.driver.input({ kind: "close" });
    this.driver.stop();
  }

  private handleEvent(event: SenderEvent): void {
    // What is learnt of the path changes the backlog too; the encoder must be held before it is asked for a keyframe.
    this.watchBacklog();
    if (event.kind === "target-bitrate") {
      this.targetBps = event.bitrateBps;
      this.member?.limit(event.bitrateBps);
    } else if (event.kind === "keyframe-requested") {
      if (event.reason === "overrun") this.member?.giveUp();
      else this.member?.requestKeyframe();
    }
    this.onEvent(event);
  }

  /** Frames that would only wait here are better not encoded: the picture that goes out next is then the newest. */
  private watchBacklog(): void {
    clearTimeout(this.backlogTimer);
    const lookAgainAfter: Micros | undefined = this.member?.setBacklog(this.sender.backlog(now()));
    if (lookAgainAfter === undefined) return;
    this.backlogTimer = setTimeout(() => this.watchBacklog(), Math.max(1, toMillis(lookAgainAfter)));
  }
}
