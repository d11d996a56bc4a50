import { expect, test } from "vitest";
import { serializeRtcp } from "../rtcp/index.js";
import { sequenceNumber } from "../rtp/index.js";
import { toRepairMessages } from "./repair-requests.js";

const STREAMS = { senderSsrc: 1, mediaSsrc: 2 };

test("nothing wanted, nothing sent", () => {
  expect(toRepairMessages({ lost: [], keyframe: false }, STREAMS)).toEqual([]);
});

test("packets and a keyframe are asked for by one message each", () => {
  const lost = [3, 4, 9].map(sequenceNumber);
  expect(toRepairMessages({ lost, keyframe: true }, STREAMS)).toEqual([
    { kind: "nack", ...STREAMS, lost },
    { kind: "pli", ...STREAMS },
  ]);
});

test("a thousand scattered packets take several datagrams that fit the path", () => {
  const lost = Array.from({ length: 1_000 }, (_, i) => sequenceNumber(i * 20));
  const messages = toRepairMessages({ lost, keyframe: false }, STREAMS);
  expect(messages.flatMap((message) => (message.kind === "nack" ? message.lost : []))).toEqual(lost);
  for (const message of messages) expect(serializeRtcp([message]).length).toBeLessThan(1_200);
});
