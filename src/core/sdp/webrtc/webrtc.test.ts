import { describe, expect, it } from "vitest";
import {
  CHROMIUM_MAX_BUNDLE_OFFER,
  CHROMIUM_OFFER,
  FIREFOX_OFFER,
  PION_ANSWER,
  REAL_OFFERS,
  SAFARI_OFFER,
} from "../../../../test/support/webrtc-offers.js";
import { SightlineError } from "../../errors.js";
import { DEFAULT_EXTENSION_MAP } from "../../rtp/index.js";
import {
  chooseVideo,
  dataSectionOf,
  parseCandidateFragment,
  parseIceCandidate,
  parseWebRtcDescription,
  readAnsweredVideo,
  type SendableVideo,
  stillSectionOf,
  transportOf,
  writeIceCandidate,
  writeWebRtcAnswer,
  writeWebRtcOffer,
} from "./index.js";

const BOTH: readonly SendableVideo[] = [
  { codec: "h264", chroma: "444" },
  { codec: "h264", chroma: "420" },
];
const ONLY_420 = BOTH.slice(1);
const LOCAL = {
  transport: {
    iceUfrag: "ours",
    icePwd: "p".repeat(24),
    fingerprint: { algorithm: "sha-256", value: Array.from({ length: 32 }, () => "AB").join(":") },
    setup: "active" as const,
  },
  candidates: [{ foundation: "1", priority: 2_114_977_791, address: "192.0.2.2", port: 5_000, type: "host" as const }],
};

function choose(offer: string, sendable = BOTH) {
  return chooseVideo(parseWebRtcDescription(offer), sendable);
}

function answerTo(offerSdp: string): string {
  const offer = parseWebRtcDescription(offerSdp);
  const video = chooseVideo(offer, BOTH);
  transportOf(offer, video.mid); // what an answerer connects to
  const data = dataSectionOf(offer, video.mid);
  const streams = { ssrc: 1, rtxSsrc: 2, fecSsrc: 3, cname: "me" };
  const stills = stillSectionOf(offer, video);
  return writeWebRtcAnswer({
    offer,
    video,
    streams,
    ...LOCAL,
    ...(data !== undefined && { dataMid: data.mid }),
    ...(stills !== undefined && { stills: { mid: stills.mid, ssrc: 4 } }),
    sessionId: "7",
  });
}

function fails(text: string, code: string, message: RegExp): void {
  const attempt = () => answerTo(text);
  expect(attempt).toThrow(SightlineError);
  expect(attempt).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
}

describe("what is chosen of an offer", () => {
  it("is 4:4:4 for Chromium, with everything that repairs", () => {
    expect(choose(CHROMIUM_OFFER)).toEqual({
      mid: "0",
      codec: "h264",
      chroma: "444",
      profileLevelId: "f4001f",
      payloadType: 41,
      rtxPayloadType: 42,
      fecPayloadType: 49,
      fec: { scheme: "flexfec-03" },
      extensions: { transportSequenceNumber: 4, playoutDelay: 5 },
      feedback: { nack: true, pli: true, fir: true, transportCc: true, rrtr: false },
    });
  });

  it.each([
    {
      name: "Chromium's constrained baseline, not mode 0",
      offer: CHROMIUM_OFFER,
      payloadType: 108,
      rtxPayloadType: 109,
    },
    { name: "Firefox's mode 1", offer: FIREFOX_OFFER, payloadType: 126, rtxPayloadType: 127 },
    { name: "Safari's constrained baseline", offer: SAFARI_OFFER, payloadType: 98, rtxPayloadType: 99 },
  ])("is 4:2:0 as $name", ({ offer, payloadType, rtxPayloadType }) => {
    expect(choose(offer, ONLY_420)).toMatchObject({ chroma: "420", payloadType, rtxPayloadType });
  });

  it("falls back to 4:2:0 where 4:4:4 is not offered", () => {
    expect(choose(FIREFOX_OFFER)).toMatchObject({ chroma: "420", extensions: { playoutDelay: 6 } });
    expect(choose(FIREFOX_OFFER).fecPayloadType).toBeUndefined();
  });

  it("takes our own repair packets before FlexFEC", () => {
    const offer = writeWebRtcOffer({ ...LOCAL, chroma: ["420"], videoMid: "0", dataMid: "1", sessionId: "1" });
    expect(choose(offer)).toMatchObject({
      chroma: "420",
      profileLevelId: "42e034",
      fec: { scheme: "reed-solomon" },
      extensions: DEFAULT_EXTENSION_MAP,
    });
  });

  it("leaves out extensions that only the two-byte form can carry", () => {
    expect(choose(CHROMIUM_OFFER.replace("extmap:5 ", "extmap:15 ")).extensions).toEqual({
      transportSequenceNumber: 4,
    });
  });
});

describe("the answer", () => {
  it("has the offer's sections in its order, and says who repairs what", () => {
    const answer = parseWebRtcDescription(answerTo(CHROMIUM_OFFER));
    expect(answer.bundle).toEqual(["0", "1"]);
    expect(answer.sections.map(({ media, mid, isRejected }) => [media, mid, isRejected])).toEqual([
      ["video", "0", false],
      ["application", "1", false],
    ]);
    expect(answer.sections[0]).toMatchObject({
      direction: "sendonly",
      formats: ["41", "42", "49"],
      ssrcs: [1, 2, 3],
      ssrcGroups: [
        { semantics: "FID", ssrcs: [1, 2] },
        { semantics: "FEC-FR", ssrcs: [1, 3] },
      ],
      ...LOCAL,
    });
  });

  it("keeps the section that describes the transport, idle", () => {
    expect(transportOf(parseWebRtcDescription(CHROMIUM_MAX_BUNDLE_OFFER), "0").transport.iceUfrag).toBe("b3y6");
    const text = answerTo(CHROMIUM_MAX_BUNDLE_OFFER);
    const { bundle, sections } = parseWebRtcDescription(text);
    expect(bundle).toEqual(["a", "0"]);
    expect(sections[0]).toMatchObject({ media: "audio", isRejected: false, direction: "inactive", formats: ["111"] });
    expect(text).toContain("a=rtpmap:111 opus/48000/2\r\n");
    expect(sections.map(({ candidates }) => candidates.length)).toEqual([1, 0]);
  });

  it("lets a viewer measure round trips that asks to", () => {
    expect(answerTo(CHROMIUM_OFFER)).not.toContain("rrtr");
    const asking = CHROMIUM_OFFER.replace("a=rtcp-fb:41 nack pli\r\n", "$&a=rtcp-fb:41 rrtr\r\n");
    expect(answerTo(asking)).toContain("a=rtcp-fb:41 rrtr\r\n");
  });

  it("sends still tiles where the viewer takes a second video", () => {
    const video = CHROMIUM_OFFER.slice(CHROMIUM_OFFER.indexOf("m=video"), CHROMIUM_OFFER.indexOf("m=application"));
    const second = video.replace("a=mid:0", "a=mid:2");
    const offer = CHROMIUM_OFFER.replace("BUNDLE 0 1", "BUNDLE 0 1 2") + second;
    const answer = parseWebRtcDescription(answerTo(offer));
    expect(answer.bundle).toEqual(["0", "1", "2"]);
    expect(answer.sections[2]).toMatchObject({ direction: "sendonly", isRejected: false, formats: ["41"], ssrcs: [4] });
    const apart = parseWebRtcDescription(answerTo(CHROMIUM_OFFER + second));
    expect(apart.sections[2]?.isRejected).toBe(true);
  });

  it("refuses all else", () => {
    const audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:9\r\na=rtpmap:111 opus/48000/2\r\n";
    const { sections } = parseWebRtcDescription(answerTo(FIREFOX_OFFER + audio));
    expect(sections.map(({ isRejected }) => isRejected)).toEqual([false, true]);
  });

  it("names only lines that end in CR LF", () => {
    for (const offer of REAL_OFFERS) expect(answerTo(offer)).toMatch(/^(?:[a-z]=[^\r\n]+\r\n)+$/);
  });
});

describe("the answer of another server", () => {
  it("tells what will come", () => {
    const answer = parseWebRtcDescription(PION_ANSWER);
    const { payloadTypes, extensions } = readAnsweredVideo(answer);
    expect([...payloadTypes]).toEqual([
      [98, { codec: "h264" }],
      [99, { rtxOf: 98 }],
    ]);
    expect(extensions).toEqual({ transportSequenceNumber: 3 });
    expect(transportOf(answer, "0")).toMatchObject({
      transport: { iceUfrag: "EsAwPmSPMXKSqVqV", setup: "active" },
      candidates: [{ address: "192.0.2.7", port: 8_189, type: "host" }],
    });
    expect(dataSectionOf(answer, "0")).toBeUndefined();
  });

  it("without video is said to be one", () => {
    const refused = parseWebRtcDescription(PION_ANSWER.replace("m=video 9", "m=video 0"));
    expect(() => readAnsweredVideo(refused)).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});

describe("offers that are refused", () => {
  it.each([
    ["no session description", "hello", "invalid-data", /no WebRTC session description/],
    ["nothing", "", "invalid-data", /v=0/],
    ["far too long", CHROMIUM_OFFER + "a=x\r\n".repeat(20_000), "invalid-data", /64 KiB/],
    ["many sections", CHROMIUM_OFFER + "m=audio 0 x 1\r\n".repeat(40), "invalid-data", /m= lines/],
    ["only sending", CHROMIUM_OFFER.replace("recvonly", "sendonly"), "invalid-data", /does not ask for video/],
    ["no encryption", CHROMIUM_OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "invalid-data", /does not ask/],
    ["other codecs", CHROMIUM_OFFER.replaceAll("H264", "H263"), "unsupported", /only VP8, rtx, H263/],
    ["mode 0 only", CHROMIUM_OFFER.replaceAll("mode=1", "mode=0"), "unsupported", /packetization-mode 1/],
    ["no credentials", CHROMIUM_OFFER.replaceAll(/a=ice-pwd.*\r\n/g, ""), "invalid-data", /lacks an ice-ufrag/],
    ["a bad password", CHROMIUM_OFFER.replaceAll("l8lauDCr", "l8 \t"), "invalid-data", /ice-pwd .*malformed/],
    ["a short fingerprint", CHROMIUM_OFFER.replaceAll("5E:47:", "5E:"), "invalid-data", /no SHA-2/],
    ["a weak fingerprint", CHROMIUM_OFFER.replaceAll("sha-256", "sha-1"), "invalid-data", /no SHA-2/],
    ["an odd setup", CHROMIUM_OFFER.replaceAll("actpass", "holdconn"), "invalid-data", /a=setup/],
    ["two equal names", CHROMIUM_OFFER.replaceAll("a=mid:1", "a=mid:0"), "invalid-data", /same a=mid/],
    ["a malformed section", CHROMIUM_OFFER.replace("m=video 9", "m=video nine"), "invalid-data", /^Line 8 /],
  ])("%s", (_name, text, code, message) => fails(text, code, message));
});

describe("candidates", () => {
  it("are read and written alike", () => {
    const host = "candidate:1 1 UDP 2114977791 192.0.2.2 44898 typ host";
    expect(writeIceCandidate(parseIceCandidate(`${host} generation 0 ufrag b3y6`)!)).toBe(host);
    const relay = parseIceCandidate("a+/9 1 udp 1 fd00::2 65535 typ relay raddr 0.0.0.0 rport 0");
    expect(parseIceCandidate(writeIceCandidate(relay!))).toEqual(relay);
  });

  it.each([
    ["a hidden address", "1 1 udp 1 94a04949-4ea4.local 34184 typ host"],
    ["TCP", "1 1 tcp 1 192.0.2.2 9 typ host tcptype active"],
    ["a second component", "1 2 udp 1 192.0.2.2 9 typ host"],
    ["port 0", "1 1 udp 1 192.0.2.2 0 typ host"],
    ["a port too high", "1 1 udp 1 192.0.2.2 65536 typ host"],
    ["no address", "1 1 udp 1 192.0.2.256 9 typ host"],
    ["a name", "1 1 udp 1 example.net 9 typ host"],
    ["an unknown type", "1 1 udp 1 192.0.2.2 9 typ alien"],
    ["too little", "1 1 udp 1"],
  ])("that are %s are passed over", (_name, value) => expect(parseIceCandidate(value)).toBeUndefined());

  it("of a fragment are found wherever they stand, and are bounded", () => {
    const candidate = "a=candidate:1 1 udp 1 192.0.2.2 9 typ host\r\n";
    const fragment = `a=ice-ufrag:b3y6\r\n${candidate}m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n${candidate.repeat(40)}`;
    expect(parseCandidateFragment(fragment)).toHaveLength(16);
    expect(parseCandidateFragment("a=end-of-candidates")).toEqual([]);
  });
});
