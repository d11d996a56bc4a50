import wrtc from "@roamhq/wrtc";

const { RTCPeerConnection, nonstandard } = wrtc;

/** How often a painted picture is sent again. */
const FRAME_INTERVAL_MS = 40;

/** A colour in BT.601 YCbCr, 16 to 235 or 240 each. */
export interface Paint {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** Sends pictures of one colour by WebRTC, as an independent implementation does. */
export class PaintedVideo {
  private readonly connections: InstanceType<typeof RTCPeerConnection>[] = [];
  private readonly source = new nonstandard.RTCVideoSource();
  private readonly timer: NodeJS.Timeout;

  /** Starts to paint. */
  constructor({ width, height, y, u, v }: Paint & { readonly width: number; readonly height: number }) {
    const data = new Uint8Array(width * height * 1.5).fill(y, 0, width * height);
    data.fill(u, width * height, width * height * 1.25).fill(v, width * height * 1.25);
    this.timer = setInterval(() => this.source.onFrame({ width, height, data }), FRAME_INTERVAL_MS);
  }

  /** Answers a viewer's offer; the answer has every candidate. */
  async answer(offerSdp: string): Promise<string> {
    const connection = new RTCPeerConnection();
    this.connections.push(connection);
    await connection.setRemoteDescription({ type: "offer", sdp: offerSdp });
    connection.addTrack(this.source.createTrack());
    await connection.setLocalDescription(await connection.createAnswer());
    if (connection.iceGatheringState !== "complete") {
      await new Promise<void>((resolve) => {
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
      });
    }
    return connection.localDescription?.sdp ?? "";
  }

  /** Breaks every connection off without a word, and paints no more. */
  close(): void {
    clearInterval(this.timer);
    for (const connection of this.connections) connection.close();
  }
}
