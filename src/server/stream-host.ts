/** What a stream shows; the page draws a symbol by it. */
export type StreamKind = "screen" | "window" | "camera" | "file" | "test";

/** One stream that can be watched, as `GET /api/streams` tells it. */
export interface StreamDescription {
  /** Names the stream in URLs (`/whep/ID`): 1 to 64 of `A-Z a-z 0-9 . _ -`, not starting with a dot. */
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly kind: StreamKind;
  /** Size of the top rung's picture, in pixels; 0 until it is known. */
  readonly width: number;
  readonly height: number;
  /** Highest frame rate, in frames a second. */
  readonly fps: number;
  /** Viewers connected now. */
  readonly viewers: number;
}

/** What is known of the program that asks for a stream. */
export interface ViewerClient {
  /** Its address, as the socket names it. */
  readonly remote: string;
  /** Its `User-Agent`, cut to 200 characters; remote data. */
  readonly userAgent?: string;
}

/** One viewer of one stream: what stands behind a WHEP session URL. */
export interface ViewerSession {
  /** Names the session in its URL, and is all that is needed to end it: at least 128 random bits in `A-Z a-z 0-9 _ -`. */
  readonly id: string;
  /** The answer (RFC 8829), whole: every candidate is in it. */
  readonly answerSdp: string;
  /** The ICE session's entity tag, a string of visible ASCII without quotes (draft-ietf-wish-whep §4.3). */
  readonly etag: string;
  /**
   * Takes candidates, or restarts ICE (RFC 8840 `application/trickle-ice-sdpfrag`).
   *
   * @param sdpFragment - as the viewer sent it; remote data
   * @param etag - the ICE session that the viewer means; absent when it asked for a restart whatever the session (`If-Match: *`)
   * @returns `sdpFragment` only after a restart, with the new credentials and candidates; the entity tag that holds from now on
   * @throws SightlineError `invalid-data` if the fragment cannot be read, `unsupported` if ICE cannot be restarted
   */
  patch(sdpFragment: string, etag?: string): Promise<{ readonly sdpFragment?: string; readonly etag: string }>;
  /** Ends the session; ending it twice is no error. */
  close(): Promise<void>;
  /** Fulfilled once the session has ended, by whichever side or by the connection's loss. Never rejected. */
  readonly closed: Promise<void>;
}

/** One measured quantity with its samples, in the terms of the Prometheus text format. */
export interface MetricFamily {
  /** Without the prefix `sightline_`, which every name gets; matches `[a-zA-Z0-9_:]+`; a counter's ends in `_total`. */
  readonly name: string;
  /** What it measures and in which unit, one sentence. */
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly MetricSample[];
}

/** One value of a {@link MetricFamily}. */
export interface MetricSample {
  /** Label names match `[a-zA-Z_][a-zA-Z0-9_]*`; the values may be any text. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What the server serves: implemented by whoever has the streams. The server calls it, never the other way round. */
export interface StreamHost {
  /** The streams that can be watched now. */
  streams(): readonly StreamDescription[];
  /**
   * Answers a viewer's offer.
   *
   * @param streamId - as it stood in the URL
   * @param offerSdp - at most 64 kB; remote data
   * @param client - who asks
   * @throws SightlineError `not-found` (no such stream), `invalid-data` (not SDP, or no video asked for), `unsupported` (no codec
   *   in common), `unavailable` (too many viewers, or the source is only starting)
   */
  openViewer(streamId: string, offerSdp: string, client: ViewerClient): Promise<ViewerSession>;
  /**
   * Calls the listener whenever {@link streams} would answer something else.
   *
   * @returns ends the subscription
   */
  onChange(listener: () => void): () => void;
  /** What is measured now. */
  metrics(): readonly MetricFamily[];
}
