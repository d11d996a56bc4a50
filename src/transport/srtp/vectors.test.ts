import { expect, test } from "vitest";
import { aesCm } from "./aes-cm.js";
import { aesGcm } from "./aes-gcm.js";
import { deriveSessionKeys } from "./key-derivation.js";
import { SrtpTransform } from "./transform.js";

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

test("session keys are those of RFC 3711 appendix B.3", () => {
  const master = {
    suite: "AES_CM_128_HMAC_SHA1_80",
    key: hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
    salt: hex("0EC675AD498AFEEBB6960B3AABE6"),
  } as const;
  const { encryption, authentication, salt } = deriveSessionKeys(master, "rtp");
  expect(encryption).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
  expect(authentication).toEqual(hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
  expect(salt).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
});

test("the keystream of AES_CM is that of RFC 3711 appendix B.2", () => {
  const keys = {
    encryption: hex("2B7E151628AED2A6ABF7158809CF4F3C"),
    authentication: Buffer.alloc(20),
    salt: hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
  };
  const transform = new SrtpTransform(aesCm, { rtp: keys, rtcp: keys, mki: new Uint8Array() });
  const sealed = transform.protectRtp(new Uint8Array(12 + 48), 12, 0);
  expect(sealed.subarray(12, 60)).toEqual(
    hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"),
  );
});

const gcmKeys = {
  encryption: hex("000102030405060708090a0b0c0d0e0f"),
  authentication: Buffer.alloc(0),
  salt: hex("517569642070726f2071756f"),
};
const gcm = new SrtpTransform(aesGcm, { rtp: gcmKeys, rtcp: gcmKeys, mki: new Uint8Array() });

test("AEAD_AES_128_GCM protects RTP as RFC 7714 §16.1 does", () => {
  const plain = hex(
    "8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573",
  );
  const wire = hex(`8040f17b8041f8d35501a0b2
    f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
    899d7f27beb16a9152cf765ee4390cce`);
  const index = 0xf17b;
  expect(gcm.protectRtp(plain, 12, index)).toEqual(wire);
  expect(gcm.unprotectRtp(wire, 12, index)).toEqual(plain);
  expect(gcm.unprotectRtp(wire, 12, 0x1_0000 + index)).toBeUndefined();
});

test("AEAD_AES_128_GCM protects RTCP as RFC 7714 §17.1 does", () => {
  const plain = hex(
    "81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
  );
  const wire = hex(`81c8000d4d617273
    63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b
    c84aa45896cf4d2fc5abf87245d9eade 800005d4`);
  expect(gcm.protectRtcp(plain, 0x5d4)).toEqual(wire);
  expect(gcm.unprotectRtcp(wire)).toEqual({ packet: plain, index: 0x5d4 });
});

test("RTCP that is authentic but not encrypted is refused", () => {
  const tagged = hex(`81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61
    deadbeefdeadbeefdeadbeefdeadbeefdeadbeef 841dd9683dd78ec92ae58790125f62b3 000005d4`);
  expect(gcm.unprotectRtcp(tagged)).toBeUndefined();
});
