import { Duplex, PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Message, MessageStream } from "./message-stream.js";

/** A stream whose written bytes are collected, and one that delivers given bytes in pieces. */
function sentBytes(messages: readonly Message[]): Buffer {
  const out: Buffer[] = [];
  const sink = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      out.push(chunk);
      done();
    },
  });
  const stream = new MessageStream(sink);
  for (const message of messages) stream.send(message);
  return Buffer.concat(out);
}

async function received(bytes: Buffer, pieceBytes: number): Promise<Message[]> {
  const source = new PassThrough();
  const stream = new MessageStream(source);
  const got: Message[] = [];
  const closed = new Promise<void>((resolve) => stream.onClose(() => resolve()));
  stream.onMessage((message) => got.push(message));
  for (let at = 0; at < bytes.length; at += pieceBytes) source.write(bytes.subarray(at, at + pieceBytes));
  source.end();
  await closed;
  return got;
}

test("messages arrive whole and in order however the bytes are cut", async () => {
  const message = fc.record({
    type: fc.string(),
    body: fc.jsonValue(),
    payload: fc.uint8Array({ minLength: 1, maxLength: 500 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 700 }), async (sent, piece) => {
      const got = await received(sentBytes(sent), piece);
      const plain = (m: Message) => ({
        type: m.type,
        body: JSON.parse(JSON.stringify(m.body)),
        payload: [...(m.payload ?? [])],
      });
      expect(got.map(plain)).toEqual(sent.map(plain));
    }),
    { seed: 1, numRuns: 100 },
  );
});

test("a message without body or payload stays so", async () => {
  expect(await received(sentBytes([{ type: "close" }]), 3)).toEqual([{ type: "close", body: undefined }]);
});

test("an impossible length closes the stream with an error", async () => {
  const source = new PassThrough();
  const stream = new MessageStream(source);
  const closed = new Promise((resolve) => stream.onClose(resolve));
  source.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
  expect(await closed).toMatchObject({ code: "internal" });
});
