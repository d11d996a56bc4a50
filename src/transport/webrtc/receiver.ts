import { randomInt } from "node:crypto";
import { Video } from "node-datachannel";
import {
  type ChromaFormat,
  dataSectionOf,
  parseWebRtcDescription,
  type ReceivedVideo,
  readAnsweredVideo,
  SightlineError,
  transportOf,
  writeWebRtcOffer,
} from "../../core/index.js";
import type { MessageChannels } from "./message-channel.js";
import { DATA_MID, narrowDescription, VIDEO_MID } from "./narrow-description.js";
import { checkBindAddress, Peer, type PeerListener } from "./peer.js";

/** What a viewer asks for. */
export interface WebRtcOfferOptions {
  /** The forms of H.264 that can be shown, the best first; default 4:4:4, then 4:2:0. */
  readonly chroma?: readonly ChromaFormat[];
  /** The address of the one interface to use; default: all of them. */
  readonly bindAddress?: string;
}

/** The library wants some codec; what is offered and received is ours. */
const ANY_PAYLOAD_TYPE = 96;

/**
 * The viewer's side of WHEP (draft-ietf-wish-whep §4.2): it offers, the server answers. The library does ICE, DTLS, SRTP and
 * SCTP; RTP and RTCP are ours.
 */
export class WebRtcReceiver {
  /** What to POST to the server: complete. The server learns our address by the checks that come from it. */
  readonly offerSdp: string;
  private readonly peer: Peer;
  private answered: { readonly media: ReceivedVideo; readonly channels: MessageChannels } | undefined;

  private constructor(peer: Peer, offerSdp: string) {
    this.peer = peer;
    this.offerSdp = offerSdp;
  }

  /**
   * Makes an offer. Unless the connection is up 15 seconds later, it closes.
   *
   * @throws SightlineError `unreachable`: `bindAddress` is not this machine's
   */
  static async offer({ chroma = ["444", "420"], bindAddress }: WebRtcOfferOptions = {}): Promise<WebRtcReceiver> {
    await checkBindAddress(bindAddress);
    const video = new Video(VIDEO_MID, "RecvOnly");
    video.addH264Codec(ANY_PAYLOAD_TYPE, "packetization-mode=1");
    const peer = new Peer(video, true, bindAddress === undefined ? {} : { bindAddress });
    try {
      // Without our addresses in it the server waits for our checks. The library loses connections whose checks come before
      // it has the answer's fingerprint.
      const local = { ...(await peer.describe("offer")), candidates: [] };
      const sessionId = String(randomInt(2 ** 47));
      const sections = { videoMid: VIDEO_MID, dataMid: DATA_MID };
      return new WebRtcReceiver(peer, writeWebRtcOffer({ ...local, ...sections, chroma, sessionId }));
    } catch (error) {
      await peer.close();
      throw error;
    }
  }

  /**
   * Takes the server's answer; the connection is up once the listener is told so.
   *
   * @throws SightlineError `invalid-data`: it is no answer; `unsupported`: it has no video for us
   */
  async accept(answerSdp: string): Promise<void> {
    const answer = parseWebRtcDescription(answerSdp);
    const media = readAnsweredVideo(answer);
    const section = answer.sections.find(({ media: kind }) => kind === "video");
    if (section?.mid !== VIDEO_MID) {
      throw new SightlineError("invalid-data", "The server's answer does not name the video as the offer did.");
    }
    const { transport, candidates } = transportOf(answer, VIDEO_MID);
    if (transport.setup === "actpass") {
      throw new SightlineError("invalid-data", "The server's answer leaves open who opens the connection (a=setup).");
    }
    const sctpPort = dataSectionOf(answer, VIDEO_MID)?.sctpPort;
    const remote = { transport, candidates, payloadType: ANY_PAYLOAD_TYPE, direction: "sendonly" } as const;
    this.peer.acceptRemote(narrowDescription({ ...remote, ...(sctpPort !== undefined && { sctpPort }) }), "answer");
    this.answered = { media, channels: sctpPort === undefined ? {} : this.peer.channels };
  }

  /** What comes, once the answer was accepted. */
  get media(): ReceivedVideo | undefined {
    return this.answered?.media;
  }

  /** The data channels: all, or none if the server refused them. */
  get channels(): MessageChannels {
    return this.answered?.channels ?? {};
  }

  /** The server's address and port, while it is connected. */
  get remoteAddress(): string | undefined {
    return this.peer.remoteAddress;
  }

  /** Sets the one listener; its datagrams are RTP and RTCP. */
  listen(listener: PeerListener): void {
    this.peer.listen(listener);
  }

  /** Sends one RTCP datagram, which is encrypted before this returns. Without a connection it is dropped. */
  send(datagram: Uint8Array): void {
    this.peer.send(datagram);
  }

  /** Ends the connection; resolves once nothing of it is left. */
  close(): Promise<void> {
    return this.peer.close();
  }
}
