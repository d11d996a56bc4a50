import { SightlineError } from "../../src/core/errors.js";
import { preferredCodecs } from "./codec-order.js";
import { StillFrames } from "./connection/still-frames.js";
import type { LinkAccess } from "./link-access.js";

/** How long an answer may take, and then the connection; a server that hangs is tried again. */
const ANSWER_TIMEOUT_MS = 8_000;
const ABS_CAPTURE_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";

/** The data channels beside the picture, each with its number fixed beforehand; a server without them leaves them closed. */
export interface ViewerChannels {
  /** `sightline.masks`, id 1, unordered and unrepeated: which tiles of a frame the still layer covers. */
  readonly masks: RTCDataChannel;
  /** `sightline.tiles`, id 2, ordered and reliable: lossless tiles. */
  readonly tiles: RTCDataChannel;
  /** `sightline.pointer`, id 3, unordered and unrepeated: where the pointer is and how it looks. */
  readonly pointer: RTCDataChannel;
}

/** A connection that has made its offer but not yet sent it: made while the page does not know what to ask for. */
export interface ViewerOffer {
  readonly connection: RTCPeerConnection;
  readonly transceiver: RTCRtpTransceiver;
  readonly channels: ViewerChannels;
  /** Where still tiles come; undefined where the browser keeps frames to itself: they come by `channels.tiles` then. */
  readonly stillFrames: StillFrames | undefined;
}

/** Makes an offer to receive one video stream. The server sees the candidates' addresses by their checks, or by PATCH. */
export async function prepareOffer(): Promise<ViewerOffer> {
  if (typeof RTCPeerConnection === "undefined" || !("requestVideoFrameCallback" in HTMLVideoElement.prototype)) {
    throw new SightlineError("unsupported", "this browser has no WebRTC, or is too old: open the link in another one");
  }
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const transceiver = connection.addTransceiver("video", { direction: "recvonly" });
  const codecs = preferredCodecs(RTCRtpReceiver.getCapabilities("video")?.codecs ?? []);
  transceiver.setCodecPreferences(codecs);
  askForCaptureTimes(transceiver);
  askForNoDelay(transceiver.receiver);
  const stillFrames = StillFrames.of(connection, codecs);
  const channels = openChannels(connection);
  await describeWithRoundTrips(connection);
  return { connection, transceiver, channels, stillFrames };
}

/** Gives up an offer that nobody takes. */
export function discardOffer({ connection, stillFrames }: ViewerOffer): void {
  connection.close();
  stillFrames?.close();
}

/** One stream that is being received by WHEP (draft-ietf-wish-whep). */
export class WhepSession {
  readonly connection: RTCPeerConnection;
  readonly receiver: RTCRtpReceiver;
  readonly channels: ViewerChannels;
  readonly stillFrames: StillFrames | undefined;
  private readonly access: LinkAccess;
  private readonly resource: string;
  private readonly etag: string | null;
  private closed = false;

  private constructor(offer: ViewerOffer, access: LinkAccess, response: Response) {
    this.connection = offer.connection;
    this.receiver = offer.transceiver.receiver;
    this.channels = offer.channels;
    this.stillFrames = offer.stillFrames;
    this.access = access;
    this.resource = new URL(response.headers.get("Location") ?? "", response.url).href;
    this.etag = response.headers.get("ETag");
  }

  /**
   * Sends an offer and applies the answer; the connection then comes up by itself.
   *
   * @param path - the stream's WHEP endpoint
   * @throws SightlineError `not-found` (no such stream), `invalid-argument` (the link is not allowed in), `unsupported` (no codec
   *   in common), `unavailable` (not now), `unreachable` (no server)
   */
  static async open(path: string, offer: ViewerOffer, access: LinkAccess): Promise<WhepSession> {
    try {
      const response = await post(path, offer.connection.localDescription?.sdp ?? "", access);
      const session = new WhepSession(offer, access, response);
      session.trickle();
      await session.connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
      return session;
    } catch (error) {
      discardOffer(offer);
      if (error instanceof SightlineError) throw error;
      throw new SightlineError("unreachable", "the sender does not answer: is it running?", { cause: error });
    }
  }

  /** Ends the session here and at the server, also while the page is being left. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.connection.close();
    this.stillFrames?.close();
    this.access.request(this.resource, { method: "DELETE", keepalive: true }).catch(() => {}); // it notices by itself
  }

  /** Tells the server our own addresses once all are known, in case its checks cannot reach us unasked. */
  private trickle(): void {
    const send = () => {
      const sdp = this.connection.localDescription?.sdp;
      if (this.connection.iceGatheringState !== "complete" || this.connection.connectionState === "connected") return;
      if (this.closed || sdp === undefined) return;
      const headers = new Headers({ "Content-Type": "application/trickle-ice-sdpfrag" });
      if (this.etag !== null) headers.set("If-Match", this.etag);
      const body = candidateFragment(sdp);
      this.access.request(this.resource, { method: "PATCH", headers, body }).catch(() => {}); // the connection may come up without
    };
    this.connection.addEventListener("icegatheringstatechange", send);
    send();
  }
}

/** The ICE lines of a session description as a fragment (RFC 8840 §9). */
export function candidateFragment(sdp: string): string {
  const lines = sdp.split(/\r?\n/);
  const credentials = lines.filter((line) => /^a=ice-(ufrag|pwd):/.test(line)).slice(0, 2);
  const media = lines.find((line) => line.startsWith("m=")) ?? "";
  const mid = lines.find((line) => line.startsWith("a=mid:")) ?? "";
  const candidates = lines.filter((line) => line.startsWith("a=candidate:"));
  return [...credentials, media, mid, ...candidates, "a=end-of-candidates", ""].join("\r\n");
}

async function post(path: string, body: string, access: LinkAccess): Promise<Response> {
  const headers = { "Content-Type": "application/sdp", Accept: "application/sdp" };
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await access.request(path, { method: "POST", headers, body, signal });
  if (response.ok) return response;
  switch (response.status) {
    case 401:
    case 403:
      throw new SightlineError("invalid-argument", "the link is not allowed in: ask for a new one");
    case 404:
      throw new SightlineError("not-found", "there is no such stream now");
    case 406:
    case 415:
    case 422:
      throw new SightlineError("unsupported", "this browser cannot decode the stream: open the link in another one");
    default:
      throw new SightlineError("unavailable", `the sender answered ${response.status}: it is asked again`);
  }
}

function openChannels(connection: RTCPeerConnection): ViewerChannels {
  const open = (label: string, id: number, options: RTCDataChannelInit) => {
    const channel = connection.createDataChannel(label, { ...options, negotiated: true, id });
    channel.binaryType = "arraybuffer";
    return channel;
  };
  const newestOnly = { ordered: false, maxRetransmits: 0 };
  return {
    masks: open("sightline.masks", 1, newestOnly),
    tiles: open("sightline.tiles", 2, { ordered: true }),
    pointer: open("sightline.pointer", 3, newestOnly),
  };
}

/** What Chromium knows of receivers and transceivers beyond the DOM's types. */
interface NegotiatesExtensions {
  getHeaderExtensionsToNegotiate?(): { uri: string; direction: RTCRtpTransceiverDirection | "stopped" }[];
  setHeaderExtensionsToNegotiate?(extensions: readonly object[]): void;
}

/**
 * A browser that only receives knows no round trip, and takes it for 100 ms: it asks for lost packets as seldom. It measures them where
 * that was negotiated (RFC 3611 §4.4), which it does only if it stands in its own offer.
 */
async function describeWithRoundTrips(connection: RTCPeerConnection): Promise<void> {
  const { type, sdp = "" } = await connection.createOffer();
  try {
    await connection.setLocalDescription({
      type,
      sdp: sdp.replace(/^a=rtcp-fb:(\d+) nack pli\r\n/gm, "$&a=rtcp-fb:$1 rrtr\r\n"),
    });
  } catch {
    await connection.setLocalDescription(); // it takes no other offer than its own
  }
}

/** Offers the extension that carries each frame's capture time, which browsers leave out unless they are asked. */
function askForCaptureTimes(transceiver: RTCRtpTransceiver & NegotiatesExtensions): void {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.();
  if (!extensions) return;
  for (const extension of extensions) if (extension.uri === ABS_CAPTURE_TIME) extension.direction = "sendrecv";
  transceiver.setHeaderExtensionsToNegotiate?.(extensions);
}

/** Shows every frame as soon as it is whole: nothing is held back to smooth the network's jitter. */
function askForNoDelay(receiver: RTCRtpReceiver & { playoutDelayHint?: number }): void {
  if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0;
  else if ("playoutDelayHint" in receiver) (receiver as { playoutDelayHint: number }).playoutDelayHint = 0;
}
