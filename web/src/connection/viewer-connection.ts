import { SightlineError } from "../../../src/core/errors.js";
import type { LinkAccess } from "../link-access.js";
import { prepareOffer, type ViewerOffer, WhepSession } from "../whep.js";
import { backoffMs } from "./backoff.js";

/** A connection that is not up by then is given up and tried anew. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A sender whose server does not answer is taken for gone after this much silence. */
const SUSPECT_SILENCE_MS = 1_500;
/** A sender that is there is heard at least every 2.5 s (ICE consent, RFC 7675); silence this long after a sleep is a loss. */
const SILENCE_MS = 4_000;

/** How a viewer stands with its stream. */
export type ViewerState =
  /** The first attempts. */
  | "connecting"
  | "connected"
  /** It was connected, and tries to be again. */
  | "reconnecting"
  /** The sender is there, but this stream is not. */
  | "absent"
  /** The link is not, or no longer, allowed in. Nothing is tried any more. */
  | "refused"
  /** The browser cannot show it. Nothing is tried any more. */
  | "unsupported";

/** What {@link ViewerConnection} tells of. */
export interface ViewerListener {
  stateChanged(state: ViewerState): void;
  /** A session comes up: its picture is the one to show from now on. The one before ends when this returns. */
  sessionChanged(session: WhepSession): void;
}

/** What a connection starts from. */
export interface ViewerConnectionOptions {
  readonly streamId: string;
  readonly access: LinkAccess;
  readonly listener: ViewerListener;
  /** Hands out an offer, perhaps one that was prepared before. */
  readonly takeOffer?: () => Promise<ViewerOffer>;
}

/** Keeps one stream connected: whatever breaks, it is connected anew, and the last picture stays until the next one is there. */
export class ViewerConnection {
  /** How it stands now. */
  state: ViewerState = "connecting";
  private readonly options: ViewerConnectionOptions;
  private session: WhepSession | undefined;
  private failures = 0;
  private attempts = 0;
  private timer: number | undefined;
  private suspicion: number | undefined;
  private closed = false;
  private readonly stopListening: () => void;

  /** Starts to connect at once. */
  constructor(options: ViewerConnectionOptions) {
    this.options = options;
    this.stopListening = this.listenToWorld();
    void this.attempt();
  }

  /** Connects anew; the session that stands is left once the server has agreed to another. */
  renew(): void {
    if (this.closed || this.state === "refused" || this.state === "unsupported") return;
    this.failures = 0;
    void this.attempt();
  }

  /** Looks whether the sender is still heard: its server has stopped answering. */
  suspect(): void {
    if (this.suspicion !== undefined) return;
    this.suspicion = window.setTimeout(async () => {
      this.suspicion = undefined;
      const { session } = this;
      if (session && this.state === "connected" && (await silenceMs(session)) > SUSPECT_SILENCE_MS) this.lost();
    }, SUSPECT_SILENCE_MS);
  }

  /** Ends it for good. */
  close(): void {
    this.closed = true;
    this.stopListening();
    window.clearTimeout(this.timer);
    window.clearTimeout(this.suspicion);
    this.leave();
  }

  private async attempt(): Promise<void> {
    const attempt = ++this.attempts;
    window.clearTimeout(this.timer);
    const { streamId, access, takeOffer = prepareOffer } = this.options;
    try {
      const session = await WhepSession.open(`/whep/${encodeURIComponent(streamId)}`, await takeOffer(), access);
      if (this.closed || attempt !== this.attempts) session.close();
      else this.take(session);
    } catch (error) {
      if (!this.closed && attempt === this.attempts) this.failed(error);
    }
  }

  /** The picture is handed on before the connection is up: of a still screen the first frame may be the only one. */
  private take(session: WhepSession): void {
    const before = this.session;
    this.session = session;
    this.options.listener.sessionChanged(session);
    before?.close();
    this.timer = window.setTimeout(() => this.failed(undefined), CONNECT_TIMEOUT_MS);
    session.connection.addEventListener("connectionstatechange", () => this.follow(session));
    this.follow(session);
  }

  private follow(session: WhepSession): void {
    const { connectionState } = session.connection;
    if (session !== this.session) return;
    if (connectionState === "connected") {
      window.clearTimeout(this.timer);
      this.failures = 0;
      this.become("connected");
    } else if (connectionState === "failed" || connectionState === "disconnected") this.lost();
  }

  private lost(): void {
    if (this.state !== "connected") return; // it is being seen to already
    this.become("reconnecting");
    void this.attempt();
  }

  private failed(error: unknown): void {
    this.failures++;
    const code = error instanceof SightlineError ? error.code : "unavailable";
    if (code === "invalid-argument" || code === "unsupported") {
      this.become(code === "unsupported" ? "unsupported" : "refused");
      this.leave();
      return;
    }
    if (code === "not-found") this.become("absent");
    this.timer = window.setTimeout(() => void this.attempt(), backoffMs(this.failures, Math.random()));
  }

  private leave(): void {
    this.session?.close();
  }

  private become(state: ViewerState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.listener.stateChanged(state);
  }

  /** After a sleep or a change of network nothing tells that the connection is dead: it is looked at. */
  private listenToWorld(): () => void {
    const wake = () => {
      if (this.state !== "connected") this.renew();
      else void this.renewIfSilent();
    };
    const whenVisible = () => document.visibilityState === "visible" && wake();
    const whenRestored = ({ persisted }: PageTransitionEvent) => persisted && this.renew();
    const leave = () => this.leave();
    window.addEventListener("online", wake);
    window.addEventListener("pageshow", whenRestored);
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", whenVisible);
    return () => {
      window.removeEventListener("online", wake);
      window.removeEventListener("pageshow", whenRestored);
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", whenVisible);
    };
  }

  private async renewIfSilent(): Promise<void> {
    const { session } = this;
    if (session && (await silenceMs(session)) > SILENCE_MS && session === this.session) this.renew();
  }
}

/** How long nothing at all has come in. */
async function silenceMs({ connection }: WhepSession): Promise<number> {
  const stats = await connection.getStats();
  const heard = [...stats.values()].map(({ lastPacketReceivedTimestamp }) => Number(lastPacketReceivedTimestamp ?? 0));
  return Date.now() - Math.max(...heard); // by a clock that also runs during a sleep
}
