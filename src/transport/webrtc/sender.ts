import { randomInt } from "node:crypto";
import { Video } from "node-datachannel";
import {
  chooseVideo,
  dataSectionOf,
  type IceCandidate,
  parseCandidateFragment,
  parseWebRtcDescription,
  type SendableVideo,
  type SentStreams,
  stillSectionOf,
  transportOf,
  type VideoAgreement,
  writeWebRtcAnswer,
} from "../../core/index.js";
import type { MessageChannels } from "./message-channel.js";
import { narrowDescription, VIDEO_MID } from "./narrow-description.js";
import { checkBindAddress, Peer, type PeerListener, type PeerOptions } from "./peer.js";

/** What we can send, in the order of preference. */
export type NegotiableMedia = readonly SendableVideo[];

/** How an offer is answered. */
export interface WebRtcAnswerOptions {
  readonly media: NegotiableMedia;
  /** Names the sending program for the whole session (RFC 7022). */
  readonly cname: string;
  /** The UDP port that all viewers share; default: a port of its own. */
  readonly port?: PeerOptions["mux"];
  /** The address of the one interface to use; default: all of them. */
  readonly bindAddress?: string;
}

/** The priority is that of a host candidate (RFC 8445 §5.1.2.2). */
const LOOPBACK_CANDIDATE = { foundation: "1", priority: 2_122_317_823, address: "127.0.0.1", type: "host" } as const;

/** What was agreed on with one viewer: to be spread into `RtpSenderOptions`. */
export type NegotiatedMedia = Omit<VideoAgreement, "mid"> &
  Omit<SentStreams, "cname"> & {
    /** The stream of still tiles; absent: the viewer takes them by data channel, or not at all. */
    readonly stillSsrc?: number;
  };

/**
 * The sending side of one viewer's WebRTC connection: the viewer offers, as in WHEP (draft-ietf-wish-whep §4.2). RTP and RTCP
 * are ours; the library does ICE, DTLS, SRTP and SCTP.
 */
export class WebRtcSender {
  /** The answer, complete: all our addresses are in it. */
  readonly answerSdp: string;
  readonly media: NegotiatedMedia;
  private readonly peer: Peer;

  private constructor(peer: Peer, answerSdp: string, media: NegotiatedMedia) {
    this.peer = peer;
    this.answerSdp = answerSdp;
    this.media = media;
  }

  /**
   * Answers a viewer's offer. A viewer that has not connected within 15 seconds is closed.
   *
   * @throws SightlineError `invalid-data`: the offer is no session description or asks for no video; `unsupported`: it takes no
   *   form of video that we can send; `unreachable`: `bindAddress` is not this machine's
   */
  static async answer(offerSdp: string, options: WebRtcAnswerOptions): Promise<WebRtcSender> {
    const offer = parseWebRtcDescription(offerSdp);
    const video = chooseVideo(offer, options.media);
    const { transport, candidates } = transportOf(offer, video.mid);
    const data = dataSectionOf(offer, video.mid);
    const stillSection = data === undefined ? undefined : stillSectionOf(offer, video);
    const { stillSsrc, ...ssrcs } = randomSsrcs();
    const streams: SentStreams = { ...ssrcs, cname: options.cname };
    const stills = stillSection && { mid: stillSection.mid, ssrc: stillSsrc };

    const { port: mux, bindAddress } = options;
    await checkBindAddress(bindAddress);
    const peer = new Peer(sentVideo(video.payloadType, streams, stills?.ssrc), data !== undefined, {
      ...(mux !== undefined && { mux }),
      ...(bindAddress !== undefined && { bindAddress }),
    });
    try {
      const { payloadType } = video;
      const sctpPort = data?.sctpPort;
      const remote = { transport, candidates, payloadType, direction: "recvonly" } as const;
      peer.acceptRemote(narrowDescription({ ...remote, ...(sctpPort !== undefined && { sctpPort }) }), "offer");
      const local = withLoopback(await peer.describe("answer"), mux);
      const sessionId = String(randomInt(2 ** 47));
      const dataMid = data === undefined ? {} : { dataMid: data.mid };
      const sections = { ...dataMid, ...(stills && { stills }) };
      const answerSdp = writeWebRtcAnswer({ offer, video, streams, ...local, ...sections, sessionId });
      const { mid: _, ...agreed } = video;
      return new WebRtcSender(peer, answerSdp, { ...agreed, ...ssrcs, ...(stills && { stillSsrc }) });
    } catch (error) {
      await peer.close();
      throw error;
    }
  }

  /** The data channels that the viewer asked for, all or none. */
  get channels(): MessageChannels {
    return this.peer.channels;
  }

  /** The viewer's address and port, while it is connected. */
  get remoteAddress(): string | undefined {
    return this.peer.remoteAddress;
  }

  /** Sets the one listener; its datagrams are RTCP. */
  listen(listener: PeerListener): void {
    this.peer.listen(listener);
  }

  /** Sends one RTP or RTCP datagram, which is encrypted before this returns. Without a connection it is dropped. */
  send(datagram: Uint8Array): void {
    this.peer.send(datagram);
  }

  /** Takes further addresses of the viewer: a fragment of `a=candidate` lines (RFC 8840 §9). Others are skipped. */
  addCandidates(sdpFragment: string): void {
    this.peer.addCandidates(parseCandidateFragment(sdpFragment));
  }

  /** Ends the connection; resolves once nothing of it is left. */
  close(): Promise<void> {
    return this.peer.close();
  }
}

/** The library leaves the loopback address out; on a machine that is on no network, viewers have no other way to us. */
function withLoopback<Side extends { readonly candidates: readonly IceCandidate[] }>(
  local: Side,
  mux: PeerOptions["mux"],
): Side {
  if (local.candidates.length > 0 || mux === undefined) return local;
  return { ...local, candidates: [{ ...LOOPBACK_CANDIDATE, port: mux.port }] };
}

function sentVideo(
  payloadType: number,
  { ssrc, rtxSsrc, fecSsrc, cname }: SentStreams,
  stillSsrc: number | undefined,
): Video {
  const video = new Video(VIDEO_MID, "SendOnly");
  video.addH264Codec(payloadType, "packetization-mode=1");
  for (const each of [ssrc, rtxSsrc, fecSsrc]) video.addSSRC(each, cname);
  // Not a section of its own to the library: it encrypts and hands over what belongs to any of a track's streams.
  if (stillSsrc !== undefined) video.addSSRC(stillSsrc, cname);
  return video;
}

/** Different ones (RFC 3550 §8.1). */
function randomSsrcs(): Omit<SentStreams, "cname"> & { readonly stillSsrc: number } {
  const ssrcs = new Set<number>();
  while (ssrcs.size < 4) ssrcs.add(randomInt(1, 2 ** 32));
  const [ssrc = 0, rtxSsrc = 0, fecSsrc = 0, stillSsrc = 0] = ssrcs;
  return { ssrc, rtxSsrc, fecSsrc, stillSsrc };
}
