import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { now } from "../../src/clock/index.js";
import type { ChromaFormat, EncodedFrame } from "../../src/core/index.js";
import { UdpMux, WebRtcSender } from "../../src/transport/index.js";
import { isBrowserMissing, useBrowser } from "../support/browser.js";
import { ClipSender, encodeWords, WORDS_SIZE } from "../support/clip-sender.js";
import { eventually } from "../support/eventually.js";

const VIEWER_SCRIPT = fileURLToPath(new URL("pages/viewer.js", import.meta.url));
const FRAMES_SHOWN = 90;
const LOSS = 0.03;

/** What Chromium counts of the video that it receives; see "RTCInboundRtpStreamStats" of the W3C's webrtc-stats. */
interface InboundVideo {
  readonly framesDecoded: number;
  readonly frameWidth: number;
  /** Asked for because the picture could not be repaired. */
  readonly pliCount: number;
  readonly packetsLost: number;
  readonly retransmittedPacketsReceived: number;
}

describe.skipIf(isBrowserMissing)("Chromium shows what we send", () => {
  const browser = useBrowser();
  const clips = new Map<ChromaFormat, EncodedFrame[]>();

  /** Has the page offer as a WHEP client does, and plays the clip to it. */
  async function play(page: Page, chroma: ChromaFormat, { loss = 0, offer = {}, mux }: PlayOptions = {}) {
    const frames = clips.get(chroma) ?? encodeWords(30, chroma);
    clips.set(chroma, frames);
    await page.addScriptTag({ path: VIEWER_SCRIPT });
    const offerSdp = await page.evaluate<string>(`offerToReceive(${JSON.stringify(offer)})`);
    const media = [{ codec: "h264", chroma } as const];
    const sender = await WebRtcSender.answer(offerSdp, { media, cname: "test", ...(mux && { port: mux }) });
    onTestFinished(() => sender.close());
    const clip = new ClipSender({ sender, frames, loss });
    onTestFinished(() => clip.close());
    await page.evaluate(`acceptAnswer(${JSON.stringify(sender.answerSdp)})`);
    return { sender, clip };
  }

  function shown(page: Page, frames = FRAMES_SHOWN): Promise<InboundVideo> {
    return eventually<InboundVideo>({
      look: () => page.evaluate("inboundVideo()"),
      until: ({ framesDecoded }) => framesDecoded >= frames,
    });
  }

  test.each(["420", "444"] as const)("in 4:%s, over one port, with no loss", async (chroma) => {
    const page = await browser.newPage();
    const mux = await UdpMux.open();
    onTestFinished(() => mux.close());
    const { sender } = await play(page, chroma, { mux });
    expect(sender.media).toMatchObject({ chroma, fec: { scheme: "flexfec-03" } });
    expect(await shown(page)).toMatchObject({ frameWidth: WORDS_SIZE.width, pliCount: 0, packetsLost: 0 });
    expect(sender.remoteAddress).toMatch(/:\d+$/);
  });

  test.each(["420", "444"] as const)(
    "in 4:%s without ever losing the picture while packets get lost",
    async (chroma) => {
      const page = await browser.newPage();
      const { clip } = await play(page, chroma, { loss: LOSS });
      const video = await shown(page, 2 * FRAMES_SHOWN);
      expect(video.pliCount).toBe(0);
      expect(video.packetsLost).toBeGreaterThan(0);
      expect(video.retransmittedPacketsReceived).toBeGreaterThan(0);
      const statistics = clip.rtp.stats(now());
      expect(statistics.packetsRetransmitted).toBeGreaterThan(0);
      expect(statistics.datagramsRejected).toBe(0);
    },
  );

  test("though sound is offered first, and describes the transport of all", async () => {
    const page = await browser.newPage();
    await play(page, "420", { offer: { withAudio: true, bundlePolicy: "max-bundle" } });
    await shown(page, 10);
  });

  test("while messages go both ways", async () => {
    const page = await browser.newPage();
    const { sender } = await play(page, "420", { offer: { withChannels: true } });
    for (const channel of Object.values(sender.channels)) {
      await new Promise<void>((resolve) => channel.onOpen(resolve));
      const echoed = new Promise<Uint8Array>((resolve) => channel.onMessage(resolve));
      channel.send(Uint8Array.of(1, 2, 3));
      expect([...(await echoed)]).toEqual([1, 2, 3]);
    }
    await shown(page, 10);
  });

  test("and tells when the viewer leaves", async () => {
    const page = await browser.newPage();
    const { sender } = await play(page, "420");
    await shown(page, 1);
    const closed = new Promise<void>((resolve) => sender.listen({ datagram: () => {}, closed: resolve }));
    await page.evaluate("leave()");
    await closed;
  });
});

interface OfferOptions {
  readonly withAudio?: boolean;
  readonly withChannels?: boolean;
  readonly bundlePolicy?: "max-bundle" | "balanced";
}

interface PlayOptions {
  readonly loss?: number;
  readonly offer?: OfferOptions;
  readonly mux?: UdpMux;
}
