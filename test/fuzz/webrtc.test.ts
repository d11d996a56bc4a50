import { expect, test } from "vitest";
import {
  chooseVideo,
  dataSectionOf,
  parseWebRtcDescription,
  readAnsweredVideo,
  SeededRng,
  SightlineError,
  transportOf,
  writeWebRtcAnswer,
} from "../../src/core/index.js";
import { WebRtcReceiver, WebRtcSender } from "../../src/transport/index.js";
import { PION_ANSWER, REAL_OFFERS } from "../support/webrtc-offers.js";
import { HostileText } from "./hostile-text.js";

const HOSTILE_OFFERS = 10_000;
/** Each opens a connection of the library: a crash of native code would end the process that runs this file. */
const NATIVE_OFFERS = 150;
const NATIVE_ANSWERS = 60;
const SEED = 20_261_123;
const MEDIA = [
  { codec: "h264", chroma: "444" },
  { codec: "h264", chroma: "420" },
] as const;
const STREAMS = { ssrc: 1, rtxSsrc: 2, fecSsrc: 3, cname: "me" };

test("a mutated offer is refused by name, or gets an answer that can be read", { timeout: 60_000 }, () => {
  const offers = new HostileText(new SeededRng(SEED), REAL_OFFERS);
  let answered = 0;
  for (let i = 0; i < HOSTILE_OFFERS; i++) {
    try {
      const answer = parseWebRtcDescription(answerTo(offers.next()));
      expect(answer.sections.filter(({ direction }) => direction === "sendonly")).toHaveLength(1);
      answered += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(SightlineError);
    }
  }
  expect(answered).toBeGreaterThan(HOSTILE_OFFERS / 10);
  expect(answered).toBeLessThan(HOSTILE_OFFERS);
});

test("what the library is given of a mutated offer does it no harm", { timeout: 60_000 }, async () => {
  const offers = new HostileText(new SeededRng(SEED + 1), REAL_OFFERS);
  let answered = 0;
  for (let i = 0; i < NATIVE_OFFERS; i++) {
    try {
      const sender = await WebRtcSender.answer(offers.next(), { media: MEDIA, cname: "me" });
      sender.addCandidates(offers.next());
      await sender.close();
      answered += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(SightlineError);
    }
  }
  expect(answered).toBeGreaterThan(0);
});

test("what the library is given of a mutated answer does it no harm", { timeout: 60_000 }, async () => {
  const answers = new HostileText(new SeededRng(SEED + 2), [PION_ANSWER]);
  let accepted = 0;
  for (let i = 0; i < NATIVE_ANSWERS; i++) {
    const viewer = await WebRtcReceiver.offer();
    try {
      await viewer.accept(answers.next());
      accepted += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(SightlineError);
    }
    await viewer.close();
  }
  expect(accepted).toBeGreaterThan(0);
});

function answerTo(text: string): string {
  const offer = parseWebRtcDescription(text);
  const video = chooseVideo(offer, MEDIA);
  readAnsweredVideo({ ...offer, sections: offer.sections.map((section) => ({ ...section, direction: "sendonly" })) });
  const data = dataSectionOf(offer, video.mid);
  const local = transportOf(offer, video.mid);
  return writeWebRtcAnswer({
    offer,
    video,
    streams: STREAMS,
    ...local,
    ...(data !== undefined && { dataMid: data.mid }),
    sessionId: "1",
  });
}
