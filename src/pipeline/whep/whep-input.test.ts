import { expect, onTestFinished, test } from "vitest";
import { frame } from "../../../test/support/sender-harness.js";
import { startTestServer, TOKEN } from "../../../test/support/test-server.js";
import { now } from "../../clock/index.js";
import { WebRtcSender } from "../../transport/index.js";
import { secureRng } from "../secure-rng.js";
import { RtpViewer } from "../streams/rtp-viewer.js";
import type { WatchEvent } from "../watch-types.js";
import { WhepInput } from "./whep-input.js";

/** A server whose viewers get one keyframe as soon as they are connected. */
async function startSharing(): Promise<{ link: URL; next(): Promise<Sharing> }> {
  const { server, host } = await startTestServer();
  const waiting: ((sharing: Sharing) => void)[] = [];
  host.answer = async (_stream, offerSdp) => {
    const media = [{ codec: "h264", chroma: "420" }] as const;
    const connection = await WebRtcSender.answer(offerSdp, { media, cname: "test" });
    const {
      feedback: _feedback,
      profileLevelId: _profile,
      chroma: _chroma,
      stillSsrc: _still,
      ...agreed
    } = connection.media;
    const viewer = new RtpViewer({
      sender: { ...agreed, cname: "test", rng: secureRng, bitrateBps: 8e6 },
      transmit: (datagram) => connection.send(datagram),
      onEvent: () => {},
    });
    onTestFinished(async () => {
      await connection.close();
      viewer.close();
    });
    connection.listen({
      datagram: (datagram) => viewer.receive(datagram),
      connected: () => {
        viewer.send(frame(now(), { keyframe: true }));
        waiting.shift()?.({ connection, viewer });
      },
    });
    return connection.answerSdp;
  };
  return {
    link: new URL(`http://127.0.0.1:${server.port}/?token=${TOKEN}`),
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

interface Sharing {
  readonly connection: WebRtcSender;
  readonly viewer: RtpViewer;
}

/** Watches a link; its events in order. */
async function watching(
  link: URL,
): Promise<{ kinds: string[]; until(kind: WatchEvent["kind"], times?: number): Promise<void> }> {
  const kinds: string[] = [];
  let wake = () => {};
  const event = ({ kind }: WatchEvent) => {
    kinds.push(kind);
    wake();
  };
  const input = await WhepInput.open(link, {}, { frame: () => {}, still: () => {}, stillsReset: () => {}, event });
  onTestFinished(() => input.close());
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  return {
    kinds,
    async until(kind, times = 1) {
      while (count(kind) < times) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

test("a connection that ends without a goodbye ends the stream, and another one is made", async () => {
  const { link, next } = await startSharing();
  const first = next();
  const { kinds, until } = await watching(link);
  const { connection } = await first;
  await until("stream-started");
  await connection.close();
  await until("stream-started", 2);
  expect(kinds).toEqual(["stream-started", "stream-ended", "stream-started"]);
});

test("a goodbye and the end of its connection end the stream once", async () => {
  const { link, next } = await startSharing();
  const first = next();
  const { kinds, until } = await watching(link);
  const { connection, viewer } = await first;
  await until("stream-started");
  viewer.close();
  await until("stream-ended");
  await connection.close();
  await until("stream-started", 2);
  expect(kinds).toEqual(["stream-started", "stream-ended", "stream-started"]);
});
