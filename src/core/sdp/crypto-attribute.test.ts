import { expect, test } from "vitest";
import { parseCryptoAttributes, writeCryptoAttribute } from "./crypto-attribute.js";
import { splitSections } from "./line.js";
import { parseSessionDescription } from "./parse.js";
import { writeSessionDescription } from "./write.js";

const KEY = "bZZX8XPNY+SnW/kGGkDUJ+9IaBEWMMec0Odz5rzI";

function parse(...lines: readonly string[]) {
  return parseCryptoAttributes(splitSections(["m=video 5004 RTP/SAVP 96", ...lines].join("\n")).media[0]!);
}

test.each([
  [`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`, { tag: "1", sessionParameters: [] }],
  [`a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20 WSH=128`, { tag: "2", sessionParameters: ["WSH=128"] }],
  [`a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1048576|1:4`, { mki: { value: 1, bytes: 4 } }],
  [`a=crypto:4 AEAD_AES_128_GCM inline:${KEY}|258:2`, { suite: "AEAD_AES_128_GCM", mki: { value: 258, bytes: 2 } }],
])("reads %s", (line, expected) => {
  expect(parse(line)).toMatchObject([{ keyAndSalt: KEY, ...expected }]);
});

test.each([
  `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY};inline:${KEY}`,
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 uri:https://example.com",
  `a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80",
  "a=crypto:",
])("skips %s", (line) => {
  expect(parse(line)).toEqual([]);
});

test("what is written is read again, with the profile of encrypted streams", () => {
  const crypto = [{ tag: "1", suite: "AES_CM_128_HMAC_SHA1_80", keyAndSalt: KEY, sessionParameters: [] }];
  const text = writeSessionDescription({
    name: "",
    origin: { address: "127.0.0.1" },
    connection: { address: "127.0.0.1", isMulticast: false },
    media: [
      {
        ...{ port: 5004, codec: "jpeg", payloadType: 26, clockRate: 90_000, crypto },
        ...{ extensions: {}, rtcpMux: true, formatParameters: {}, direction: "recvonly" },
      },
    ],
  });
  expect(text).toContain("m=video 5004 RTP/SAVP 26\r\n");
  expect(parseSessionDescription(text).media).toMatchObject([{ crypto }]);
  const withIdentifier = { ...crypto[0]!, mki: { value: 258, bytes: 2 } };
  expect(parse(writeCryptoAttribute(withIdentifier))).toEqual([withIdentifier]);
});

test("an encrypted stream without a key cannot be read, and it is said why", () => {
  const text = "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/SAVP 26";
  expect(() => parseSessionDescription(text)).toThrowError(/RTP\/SAVP without a key \(a=crypto\)/);
});
