import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../errors.js";
import { DEFAULT_EXTENSION_MAP, EXTENSION_URIS } from "../rtp/extensions/extension-map.js";
import { parseSessionDescription } from "./parse.js";

/** As `ffmpeg -f rtp` prints it. */
const FFMPEG_H264 = `SDP:
v=0
o=- 0 0 IN IP4 127.0.0.1
s=No Name
c=IN IP4 127.0.0.1
t=0 0
a=tool:libavformat 60.16.100
m=video 5004 RTP/AVP 96
b=AS:200
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LAH9oB4AiflwFqAgICgAAAAwCAAAAZB4wYyoA=,aM4PLIA=; profile-level-id=42C01F

`;

const FFMPEG_JPEG = `v=0
o=- 0 0 IN IP6 ::1
s=No Name
c=IN IP6 ff15::101
t=0 0
m=video 5004 RTP/AVP 26
b=AS:200
`;

/** As VLC writes it for a multicast stream with sound. */
const VLC = [
  "v=0",
  "o=- 17135416385219420672 17135416385219420672 IN IP4 studio",
  "s=Unnamed",
  "i=N/A",
  "c=IN IP4 239.255.12.42/5",
  "t=0 0",
  "a=tool:vlc 3.0.20",
  "a=recvonly",
  "a=type:broadcast",
  "a=charset:UTF-8",
  "m=audio 5004 RTP/AVP 96",
  "b=AS:128",
  "b=RR:0",
  "a=rtpmap:96 mpeg4-generic/44100/2",
  "a=fmtp:96 streamtype=5; profile-level-id=15; mode=AAC-hbr; config=1210; SizeLength=13;",
  "m=video 5006 RTP/AVP 96",
  "b=AS:1024",
  "b=RR:0",
  "a=rtpmap:96 H264/90000",
  "a=fmtp:96 packetization-mode=1;profile-level-id=64001f;sprop-parameter-sets=Z2QAH6zZQFAFuhAAAAMAEAAAAwPA8YMZYA==,aOvjyyLA;",
  "",
].join("\r\n");

/** As GStreamer makes it of the caps of its payloaders, with feedback and retransmission. */
const GSTREAMER = `v=0
o=- 1188340656180883 1 IN IP4 192.0.2.7
s=Session streamed with GStreamer
i=server.sdp
t=0 0
a=tool:GStreamer
a=type:broadcast
a=range:npt=now-
m=video 7000 RTP/AVPF 97 96
c=IN IP4 192.0.2.9
b=AS:2000
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96;rtx-time=500
a=rtpmap:96 H264/90000
a=framerate:29.97
a=fmtp:96 packetization-mode=1;profile-level-id=42e01f
a=rtcp-fb:96 nack pli
a=rtcp-mux
a=extmap:2/sendonly ${EXTENSION_URIS.transportSequenceNumber}
a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid
`;

const MINIMAL = "c=IN IP4 192.0.2.1\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000";

describe("parseSessionDescription", () => {
  it("reads what ffmpeg prints for H.264", () => {
    expect(parseSessionDescription(FFMPEG_H264)).toEqual({
      name: "No Name",
      origin: { address: "127.0.0.1", sessionId: "0", sessionVersion: "0" },
      connection: { address: "127.0.0.1", isMulticast: false },
      media: [
        {
          port: 5004,
          codec: "h264",
          payloadType: 96,
          clockRate: 90_000,
          extensions: {},
          rtcpMux: false,
          formatParameters: {
            "packetization-mode": "1",
            "sprop-parameter-sets": "Z0LAH9oB4AiflwFqAgICgAAAAwCAAAAZB4wYyoA=,aM4PLIA=",
            "profile-level-id": "42C01F",
          },
          direction: "sendrecv",
        },
      ],
    });
  });

  it("knows JPEG by its number", () => {
    const { connection, media } = parseSessionDescription(FFMPEG_JPEG);
    expect(connection).toEqual({ address: "ff15::101", isMulticast: true });
    expect(media).toMatchObject([{ codec: "jpeg", payloadType: 26, clockRate: 90_000, formatParameters: {} }]);
  });

  it("reads what VLC writes, but for the sound", () => {
    const { origin, connection, media } = parseSessionDescription(VLC);
    expect(origin).toMatchObject({ address: "studio", sessionId: "17135416385219420672" });
    expect(connection).toEqual({ address: "239.255.12.42", ttl: 5, isMulticast: true });
    expect(media).toMatchObject([
      {
        port: 5006,
        direction: "recvonly",
        formatParameters: {
          "packetization-mode": "1",
          "profile-level-id": "64001f",
          "sprop-parameter-sets": "Z2QAH6zZQFAFuhAAAAMAEAAAAwPA8YMZYA==,aOvjyyLA",
        },
      },
    ]);
  });

  it("reads feedback, retransmission and extensions as GStreamer writes them", () => {
    const { connection, media } = parseSessionDescription(GSTREAMER);
    expect(connection.address).toBe("192.0.2.9");
    expect(media).toMatchObject([
      {
        port: 7000,
        payloadType: 96,
        rtxPayloadType: 97,
        rtcpMux: true,
        framerate: 29.97,
        extensions: { transportSequenceNumber: 2 },
      },
    ]);
  });

  it("needs no more than an address and a stream", () => {
    expect(parseSessionDescription(MINIMAL)).toMatchObject({ name: "", origin: { address: "192.0.2.1" } });
  });

  it.each([
    { name: "a byte order mark", text: `\ufeffv=0\n${MINIMAL}` },
    { name: "indented lines", text: MINIMAL.replaceAll(/^/gm, "  ") },
    { name: "old line breaks", text: MINIMAL.replaceAll("\n", "\r") },
    { name: "unknown lines", text: `z=0 0\nx\n?=1\n${MINIMAL}\na=made-up:1\na=fmtp\na=rtpmap:x` },
    { name: "a number of ports", text: MINIMAL.replace("5004", "5004/2") },
    { name: "lower-case names", text: MINIMAL.replace("H264", "h264") },
  ])("tolerates $name", ({ text }) => {
    expect(parseSessionDescription(text).media).toMatchObject([{ port: 5004, codec: "h264", payloadType: 96 }]);
  });

  it("takes the first payload type that it can read", () => {
    const text = `${MINIMAL.replace("96\n", "100 101 96\n")}\na=rtpmap:100 VP8/90000\na=rtpmap:101 H264/90000\na=fmtp:101 packetization-mode=2`;
    expect(parseSessionDescription(text).media).toMatchObject([{ payloadType: 96 }]);
  });

  it("reads the port of RTCP", () => {
    expect(parseSessionDescription(`${MINIMAL}\na=rtcp:6001 IN IP4 192.0.2.1`).media).toMatchObject([
      { rtcpPort: 6001 },
    ]);
  });

  it("lets extensions of the session hold for each stream", () => {
    const extension = `a=extmap:${DEFAULT_EXTENSION_MAP.absCaptureTime} ${EXTENSION_URIS.absCaptureTime}`;
    expect(parseSessionDescription(`${extension}\n${MINIMAL}`).media).toMatchObject([
      { extensions: { absCaptureTime: DEFAULT_EXTENSION_MAP.absCaptureTime } },
    ]);
  });

  it("leaves out streams sent to another address, and those switched off", () => {
    const more = "\nm=video 0 RTP/AVP 26\nm=video 5006 RTP/AVP 26\nc=IN IP4 192.0.2.2\nm=video 5008 RTP/AVP 26";
    const ports = parseSessionDescription(MINIMAL + more).media.map(({ port }) => port);
    expect(ports).toEqual([5004, 5008]);
  });

  describe("source filters (RFC 4570)", () => {
    const group = MINIMAL.replace("192.0.2.1", "232.3.4.5/127");
    it.each([
      { name: "let one sender in", line: "incl IN IP4 232.3.4.5 192.0.2.10", sources: ["192.0.2.10"] },
      {
        name: "let two in, wherever they send to",
        line: "incl IN * * 192.0.2.10 192.0.2.11",
        sources: ["192.0.2.10", "192.0.2.11"],
      },
      { name: "mean nothing for another group", line: "incl IN IP4 232.3.4.6 192.0.2.10", sources: undefined },
      { name: "that shut out are skipped", line: "excl IN IP4 232.3.4.5 192.0.2.10", sources: undefined },
    ])("$name", ({ line, sources }) => {
      expect(parseSessionDescription(`a=source-filter: ${line}\n${group}`).sourceFilter).toEqual(sources);
      expect(parseSessionDescription(`${group}\na=source-filter:${line}`).sourceFilter).toEqual(sources);
    });
  });

  it.each([
    { name: "another version", text: `v=1\n${MINIMAL}`, code: "invalid-data", message: /^Line 1 .*version 0: v=1$/ },
    {
      name: "a malformed port",
      text: MINIMAL.replace("5004", "50o4"),
      code: "invalid-data",
      message: /^Line 2 .*: m=video 50o4/,
    },
    {
      name: "a port too high",
      text: MINIMAL.replace("5004", "65536"),
      code: "invalid-data",
      message: /^Line 2 .*no port/,
    },
    {
      name: "no payload type",
      text: MINIMAL.replace(" 96\n", "\n"),
      code: "invalid-data",
      message: /^Line 2 .*no payload type/,
    },
    {
      name: "a malformed address",
      text: MINIMAL.replace("IP4 ", ""),
      code: "invalid-data",
      message: /^Line 1 .*address/,
    },
    {
      name: "a TTL too high",
      text: MINIMAL.replace("192.0.2.1", "239.1.1.1/256"),
      code: "invalid-data",
      message: /^Line 1 .*TTL/,
    },
    {
      name: "no address",
      text: MINIMAL.replace(/^.*\n/, ""),
      code: "invalid-data",
      message: /^Line 1 .*c= line is missing/,
    },
    { name: "nothing", text: "", code: "invalid-data", message: /m=video line is missing/ },
    {
      name: "no video",
      text: MINIMAL.replace("video", "audio"),
      code: "invalid-data",
      message: /m=video line is missing/,
    },
    { name: "another codec", text: MINIMAL.replace("H264", "VP8"), code: "unsupported", message: /only VP8/ },
    {
      name: "encryption",
      text: MINIMAL.replace("RTP/AVP", "RTP/SAVP"),
      code: "unsupported",
      message: /only RTP\/SAVP/,
    },
  ])("refuses $name", ({ text, code, message }) => {
    const parse = () => parseSessionDescription(text);
    expect(parse).toThrow(SightlineError);
    expect(parse).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it("throws nothing but its own error, whatever the text", () => {
    const sample = fc.constantFrom(FFMPEG_H264, FFMPEG_JPEG, VLC, GSTREAMER, MINIMAL);
    const text = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom("\n", "\nm=video 1 RTP/AVP 26\n", ":", "=", " "),
    );
    const edits = fc.array(fc.record({ at: fc.nat(600), remove: fc.nat(12), insert: text }), { maxLength: 4 });
    let read = 0;
    fc.assert(
      fc.property(sample, edits, (original, changes) => {
        let changed = original;
        for (const { at, remove, insert } of changes)
          changed = changed.slice(0, at) + insert + changed.slice(at + remove);
        try {
          parseSessionDescription(changed);
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(SightlineError);
        }
      }),
      { seed: 51, numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(1_000);
  });
});
