import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightlineError } from "../errors.js";
import { DEFAULT_EXTENSION_MAP } from "../rtp/extensions/extension-map.js";
import { parseSessionDescription } from "./parse.js";
import { connectionTo, type RtpSessionDescription, type VideoDescription } from "./session-description.js";
import { writeSessionDescription } from "./write.js";

const VIDEO: VideoDescription = {
  port: 5004,
  codec: "h264",
  payloadType: 96,
  rtxPayloadType: 97,
  clockRate: 90_000,
  extensions: DEFAULT_EXTENSION_MAP,
  rtcpMux: true,
  formatParameters: { "packetization-mode": "1", "profile-level-id": "42c01f" },
  direction: "recvonly",
  framerate: 60,
};

const SESSION: RtpSessionDescription = {
  name: "Screen of lab",
  origin: { address: "192.0.2.7", sessionId: "17", sessionVersion: "1" },
  connection: connectionTo("232.3.4.5", { ttl: 4 }),
  sourceFilter: ["192.0.2.7"],
  media: [VIDEO],
};

describe("writeSessionDescription", () => {
  it("writes a session line by line", () => {
    expect(writeSessionDescription(SESSION).split("\r\n")).toEqual([
      "v=0",
      "o=- 17 1 IN IP4 192.0.2.7",
      "s=Screen of lab",
      "c=IN IP4 232.3.4.5/4",
      "t=0 0",
      "a=tool:sightline",
      "a=source-filter: incl IN IP4 232.3.4.5 192.0.2.7",
      "m=video 5004 RTP/AVP 96 97",
      "a=rtpmap:96 H264/90000",
      "a=fmtp:96 packetization-mode=1; profile-level-id=42c01f",
      "a=rtpmap:97 rtx/90000",
      "a=fmtp:97 apt=96",
      "a=rtcp-mux",
      "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
      "a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
      "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
      "a=recvonly",
      "a=framerate:60",
      "",
    ]);
  });

  it("writes no TTL for IPv6 and unicast, and no zone", () => {
    const connectionLine = (connection: RtpSessionDescription["connection"]) =>
      writeSessionDescription({ ...SESSION, connection }).split("\r\n")[3];
    expect(connectionLine(connectionTo("ff15::101", { ttl: 4 }))).toBe("c=IN IP6 ff15::101");
    expect(connectionLine(connectionTo("fe80::1%eth0"))).toBe("c=IN IP6 fe80::1");
    expect(connectionLine(connectionTo("192.0.2.9", { ttl: 4 }))).toBe("c=IN IP4 192.0.2.9");
    expect(connectionLine(connectionTo("239.1.1.1"))).toBe("c=IN IP4 239.1.1.1/1");
  });

  it("is undone by parsing", () => {
    const number = fc.integer({ min: 0, max: 127 });
    const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
    const value = fc.stringMatching(/^([A-Za-z0-9+/,=]([A-Za-z0-9+/,= ]{0,20}[A-Za-z0-9+/,=])?)?$/);
    const video = fc.record(
      {
        port: fc.integer({ min: 1, max: 0xffff }),
        codec: fc.constantFrom("h264" as const, "jpeg" as const),
        payloadType: number,
        rtxPayloadType: number,
        clockRate: fc.integer({ min: 1, max: 1_000_000 }),
        extensions: fc.record(
          {
            transportSequenceNumber: fc.integer({ min: 1, max: 14 }),
            absCaptureTime: fc.integer({ min: 1, max: 14 }),
            playoutDelay: fc.integer({ min: 1, max: 14 }),
          },
          { requiredKeys: [] },
        ),
        rtcpMux: fc.boolean(),
        rtcpPort: fc.integer({ min: 1, max: 0xffff }),
        formatParameters: fc.dictionary(token, value, { maxKeys: 4 }),
        direction: fc.constantFrom("recvonly" as const, "sendonly" as const, "sendrecv" as const, "inactive" as const),
        framerate: fc.integer({ min: 1, max: 24_000 }).map((thousandths) => thousandths / 1_001),
      },
      {
        requiredKeys: [
          ...(["port", "codec", "payloadType", "clockRate", "extensions"] as const),
          ...(["rtcpMux", "formatParameters", "direction"] as const),
        ],
      },
    );
    const usable = video.filter(
      ({ payloadType, rtxPayloadType, formatParameters }) =>
        payloadType !== rtxPayloadType && formatParameters["packetization-mode"] !== "2",
    );
    const address = fc.constantFrom("192.0.2.1", "host.example", "2001:db8::1", "ff15::101");
    const session: fc.Arbitrary<RtpSessionDescription> = fc.record(
      {
        name: fc.stringMatching(/^([!-~]([ -~]{0,20}[!-~])?)?$/).filter((name) => name !== "-"),
        origin: fc.record({ address, sessionId: fc.constant("17"), sessionVersion: fc.constant("3") }),
        connection: fc.oneof(
          address.map((to) => connectionTo(to)),
          fc.integer({ min: 0, max: 255 }).map((ttl) => connectionTo("239.1.2.3", { ttl })),
        ),
        sourceFilter: fc.array(address, { minLength: 1, maxLength: 3 }),
        media: fc.array(usable, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ["name", "origin", "connection", "media"] },
    );
    fc.assert(
      fc.property(session, (description) => {
        expect(parseSessionDescription(writeSessionDescription(description))).toEqual(description);
      }),
      { seed: 52, numRuns: 1_500 },
    );
  });

  it.each([
    { name: "no stream", change: { media: [] } },
    { name: "a name of two lines", change: { name: "a\r\nm=audio 1 RTP/AVP 0" } },
    { name: "an address of two lines", change: { connection: connectionTo("192.0.2.1\nm=x") } },
  ])("refuses $name", ({ change }) => {
    expect(() => writeSessionDescription({ ...SESSION, ...change })).toThrow(SightlineError);
  });
});
