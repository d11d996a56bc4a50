import { isIPv6 } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type DataChannel, PeerConnection, type RtcConfig, type Track, type Video } from "node-datachannel";
import { now } from "../../clock/index.js";
import {
  type IceCandidate,
  type Micros,
  parseWebRtcDescription,
  type SectionTransport,
  SightlineError,
  writeIceCandidate,
} from "../../core/index.js";
import { formatAddress } from "../address.js";
import { UdpSocket } from "../udp.js";
import { CHANNELS, type ChannelName, MessageChannel, type MessageChannels } from "./message-channel.js";
import { VIDEO_MID } from "./narrow-description.js";
import type { UdpMux } from "./udp-mux.js";

/** A peer that has not connected by then is given up. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Host candidates are there within some milliseconds; an interface that makes trouble does not hold up the others. */
const GATHER_TIMEOUT_MS = 2_000;
/** The library closes in a thread of its own. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Addresses that one peer may make us send checks to after its description. */
const MAX_LATER_CANDIDATES = 32;

/** Where a connection is opened. */
export interface PeerOptions {
  /** Shared with other connections; default: a port of its own. */
  readonly mux?: UdpMux;
  /** The address of the one interface to use, checked by {@link checkBindAddress}; default: all of them. */
  readonly bindAddress?: string;
}

/** What a connection tells. */
export interface PeerListener {
  /** An RTP or RTCP datagram came, decrypted. Its memory is the listener's to keep. */
  datagram(datagram: Uint8Array, arrival: Micros): void;
  /** Datagrams can be sent. */
  connected?(): void;
  /** Nothing comes any more; it may be back. */
  disconnected?(): void;
  /** It is over, told once: the other side left, never came, or {@link Peer.close} was called. */
  closed?(): void;
}

/**
 * One connection of the library, with one video track and our data channels. It must be kept until it is closed: the library
 * closes what is garbage.
 */
export class Peer {
  private readonly connection: PeerConnection;
  private readonly track: Track;
  private readonly gathered: Promise<void>;
  private readonly connectTimer: NodeJS.Timeout;
  private readonly ended: Promise<unknown>;
  private onConnectionClosed: () => void = () => {};
  private listener: PeerListener | undefined;
  private state: "connecting" | "connected" | "disconnected" | "closing" | "closed" = "connecting";
  private laterCandidates = 0;
  /** Our data channels. */
  readonly channels: MessageChannels;

  constructor(video: Video, withChannels: boolean, { mux, bindAddress }: PeerOptions) {
    const config: RtcConfig = {
      iceServers: [],
      disableAutoNegotiation: true,
      ...(mux !== undefined && { enableIceUdpMux: true, portRangeBegin: mux.port, portRangeEnd: mux.port }),
      ...(bindAddress !== undefined && { bindAddress }),
    };
    this.connection = new PeerConnection("sightline", config);
    this.track = this.connection.addTrack(video);
    this.channels = withChannels ? openChannels(this.connection) : {};
    // Each part that is not waited for would keep the process alive.
    this.ended = Promise.all([
      new Promise<void>((done) => this.track.onClosed(done)),
      ...Object.values(this.channels).map(({ closed }) => closed),
      new Promise<void>((done) => {
        this.onConnectionClosed = done;
      }),
    ]);
    this.gathered = new Promise((done) => {
      this.connection.onGatheringStateChange((state) => {
        if (state === "complete") done();
      });
    });
    this.connection.onStateChange((state) => this.onState(state));
    this.track.onMessage((message) => this.listener?.datagram(message, now()));
    this.connectTimer = setTimeout(() => void this.close(), CONNECT_TIMEOUT_MS);
  }

  /** Makes our description and waits until it names all our addresses. */
  async describe(type: "offer" | "answer"): Promise<SectionTransport> {
    this.connection.setLocalDescription(type);
    await Promise.race([this.gathered, pause(GATHER_TIMEOUT_MS, undefined, { ref: false })]);
    const local = this.connection.localDescription();
    const section = local === null ? undefined : parseWebRtcDescription(local.sdp).sections[0];
    if (section?.transport === undefined) {
      throw new SightlineError("internal", "The WebRTC library gave no description of this side: try again.");
    }
    return { transport: section.transport, candidates: section.candidates };
  }

  /**
   * Takes the other side's description, as `narrowDescription` writes it.
   *
   * @throws SightlineError `invalid-data`: the library refuses it
   */
  acceptRemote(description: string, type: "offer" | "answer"): void {
    try {
      this.connection.setRemoteDescription(description, type);
    } catch (cause) {
      throw new SightlineError("invalid-data", "The session description cannot be used: its transport is not valid.", {
        cause,
      });
    }
  }

  /** Takes further addresses of the other side. Those beyond {@link MAX_LATER_CANDIDATES} are dropped. */
  addCandidates(candidates: readonly IceCandidate[]): void {
    for (const candidate of candidates) {
      if (!this.isAlive || this.laterCandidates >= MAX_LATER_CANDIDATES) return;
      this.laterCandidates += 1;
      try {
        this.connection.addRemoteCandidate(writeIceCandidate(candidate), VIDEO_MID);
      } catch {
        // An address that the library does not like is no address to try.
      }
    }
  }

  /** Sets the one listener. */
  listen(listener: PeerListener): void {
    this.listener = listener;
    if (this.state === "connected") listener.connected?.();
    if (this.state === "closed") listener.closed?.();
  }

  /** Sends one RTP or RTCP datagram, which is encrypted before this returns. Without a connection it is dropped. */
  send(datagram: Uint8Array): void {
    if (this.state !== "connected" && this.state !== "disconnected") return;
    try {
      // The library takes any view of bytes, its types only a Buffer.
      this.track.sendMessageBinary(datagram as Buffer);
    } catch {
      // The track closed in this moment; that is told by its state.
    }
  }

  /** The address and port that datagrams are sent to, once connected. */
  get remoteAddress(): string | undefined {
    if (this.state !== "connected") return undefined;
    const pair = this.connection.getSelectedCandidatePair();
    return pair === null ? undefined : formatAddress(pair.remote);
  }

  /** Ends the connection; resolves once nothing of it is left. */
  async close(): Promise<void> {
    if (this.isAlive) {
      this.state = "closing";
      clearTimeout(this.connectTimer);
      for (const channel of Object.values(this.channels)) channel.close();
      this.track.close();
      this.connection.close();
    }
    await Promise.race([this.ended, pause(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    this.end();
  }

  private get isAlive(): boolean {
    return this.state !== "closing" && this.state !== "closed";
  }

  private onState(state: string): void {
    switch (state) {
      case "connected":
        clearTimeout(this.connectTimer);
        if (!this.isAlive) return;
        this.state = "connected";
        this.listener?.connected?.();
        break;
      case "disconnected":
        if (this.state !== "connected") return;
        this.state = "disconnected";
        this.listener?.disconnected?.();
        break;
      case "failed":
        void this.close();
        break;
      case "closed":
        this.onConnectionClosed();
        // The other side left: what is ours goes too.
        void this.close();
        break;
    }
  }

  private end(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.listener?.closed?.();
  }
}

/**
 * Makes sure that an address is this machine's: given another one the library ends the process.
 *
 * @throws SightlineError `unreachable`: it is not
 */
export async function checkBindAddress(address: string | undefined): Promise<void> {
  if (address === undefined) return;
  const socket = await UdpSocket.bind({ family: isIPv6(address) ? 6 : 4, address });
  await socket.close();
}

function openChannels(connection: PeerConnection): MessageChannels {
  const open = (name: ChannelName): MessageChannel => {
    const { label, ...init } = CHANNELS[name];
    const channel: DataChannel = connection.createDataChannel(label, { negotiated: true, ...init });
    return new MessageChannel(channel);
  };
  return { masks: open("masks"), tiles: open("tiles"), pointer: open("pointer") };
}
