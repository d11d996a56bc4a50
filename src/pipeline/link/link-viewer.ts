import { randomBytes } from "node:crypto";
import { SightlineError } from "../../core/index.js";
import type { ViewerClient, ViewerSession } from "../../server/index.js";
import { type UdpMux, WebRtcSender } from "../../transport/index.js";
import { pathStatistics } from "../path-statistics.js";
import { secureRng } from "../secure-rng.js";
import type { ViewerInfo, ViewerStatistics } from "../share-types.js";
import { startBitrate } from "../start-bitrate.js";
import { RtpViewer } from "../streams/rtp-viewer.js";
import type { SharedStream } from "../streams/shared-stream.js";
import { StillChannels } from "./still-channels.js";

/** A session's URL is all that is needed to end it: 128 random bits. */
const SESSION_ID_BYTES = 16;
/** In events a viewer is named by so much of its session's id, which does not give the rest away. */
const NAME_LENGTH = 6;

/** Pixels go out in messages of this size: larger ones would keep a thin path from the video for too long. */
const STILL_MESSAGE_BYTES = 8 * 1_024;
/** With the byte before it, they fit into a packet of RTP. */
const STILL_PACKET_BYTES = 1_199;

/** What a link viewer is opened with. */
export interface LinkViewerOptions {
  readonly stream: SharedStream;
  readonly offerSdp: string;
  readonly client: ViewerClient;
  /** The most that video may take, in bits/s. */
  readonly bitrateBps: number;
  /** Names this program to all viewers (RFC 7022). */
  readonly cname: string;
  /** The UDP port that all viewers share. */
  readonly mux: UdpMux;
}

/** Told how a viewer fares. */
export interface LinkViewerHandlers {
  /** It is connected, and gets the stream. */
  joined(info: ViewerInfo): void;
  /** It is gone; told once, and only after `joined`. */
  left(info: ViewerInfo): void;
}

/** One viewer that came by the link: a WebRTC connection with a sender of its own, fed by the stream's encodings. */
export class LinkViewer implements ViewerSession {
  readonly id: string;
  readonly etag: string;
  readonly closed: Promise<void>;
  readonly stream: SharedStream;
  private readonly connection: WebRtcSender;
  private readonly viewer: RtpViewer;
  private readonly client: ViewerClient;
  private readonly handlers: LinkViewerHandlers;
  private state: "connecting" | "joined" | "closed" = "connecting";
  private announceClosed: () => void = () => {};

  private constructor(connection: WebRtcSender, options: LinkViewerOptions, handlers: LinkViewerHandlers) {
    this.id = randomBytes(SESSION_ID_BYTES).toString("base64url");
    this.etag = randomBytes(SESSION_ID_BYTES).toString("base64url");
    this.connection = connection;
    this.handlers = handlers;
    this.client = options.client;
    this.stream = options.stream;
    this.closed = new Promise((resolve) => {
      this.announceClosed = resolve;
    });
    const { stream, bitrateBps, cname } = options;
    const { feedback: _feedback, profileLevelId: _profile, chroma: _chroma, stillSsrc, ...media } = connection.media;
    this.viewer = new RtpViewer({
      sender: {
        ...media,
        cname,
        rng: secureRng,
        bitrateBps,
        ...(stream.stills && {
          stills: {
            store: stream.stills,
            pointer: stream.pointer,
            ...(stillSsrc === undefined
              ? { maxMessageSize: STILL_MESSAGE_BYTES }
              : {
                  maxMessageSize: STILL_PACKET_BYTES,
                  rtp: { ssrc: stillSsrc, payloadType: media.payloadType, format: "h264-frames" } as const,
                }),
          },
        }),
        congestion: {
          kind: "gcc",
          // What the others are sent, this one will have to take as well: below it, it would be slow from the start.
          startBitrateBps: Math.max(startBitrate(bitrateBps), Math.min(bitrateBps, stream.actualBps)),
          maxBitrateBps: bitrateBps,
        },
      },
      transmit: (datagram) => connection.send(datagram),
      onEvent: (event) => {
        if (event.kind === "still-message") stills.send(event);
      },
    });
    const stills = new StillChannels(connection.channels, this.viewer, () => {
      stream.watchStills();
      stream.streamPointer(this.viewer);
    });
    connection.listen({
      datagram: (datagram) => this.viewer.receive(datagram),
      connected: () => this.join(),
      closed: () => this.leave(),
    });
  }

  /**
   * Answers an offer.
   *
   * @throws SightlineError `invalid-data`: it cannot be read or asks for no video; `unsupported`: there is no codec in common
   */
  static async open(options: LinkViewerOptions, handlers: LinkViewerHandlers): Promise<LinkViewer> {
    const { stream, offerSdp, cname, mux } = options;
    const media = stream.chromas.map((chroma) => ({ codec: "h264", chroma }) as const);
    const connection = await WebRtcSender.answer(offerSdp, { media, cname, port: mux });
    return new LinkViewer(connection, options, handlers);
  }

  /** {@inheritDoc ViewerSession.answerSdp} */
  get answerSdp(): string {
    return this.connection.answerSdp;
  }

  /** Whether it is connected, and gets the stream. */
  get isJoined(): boolean {
    return this.state === "joined";
  }

  /** Who it is. */
  get info(): ViewerInfo {
    const { remote, userAgent } = this.client;
    return {
      viewer: this.id.slice(0, NAME_LENGTH),
      stream: this.stream.id,
      remote,
      ...(userAgent !== undefined && { userAgent }),
    };
  }

  /** How it fares. */
  statistics(): ViewerStatistics {
    return { ...this.info, ...pathStatistics(this.viewer.statistics()), rung: this.stream.rungOf(this.viewer) };
  }

  /** {@inheritDoc ViewerSession.patch} */
  async patch(sdpFragment: string, etag?: string): Promise<{ readonly etag: string }> {
    if (etag !== this.etag) {
      throw new SightlineError("unsupported", "This connection cannot be restarted: connect anew.");
    }
    this.connection.addCandidates(sdpFragment);
    return { etag: this.etag };
  }

  /** {@inheritDoc ViewerSession.close} */
  async close(): Promise<void> {
    this.leave();
    await this.connection.close();
  }

  private join(): void {
    if (this.state !== "connecting") return; // it was away for a moment
    this.state = "joined";
    this.stream.addViewer(this.viewer, `main-${this.connection.media.chroma}`);
    this.handlers.joined(this.info);
  }

  private leave(): void {
    if (this.state === "closed") return;
    const wasJoined = this.state === "joined";
    this.state = "closed";
    this.stream.removeViewer(this.viewer);
    this.viewer.close();
    if (wasJoined) this.handlers.left(this.info);
    this.announceClosed();
    void this.connection.close();
  }
}
