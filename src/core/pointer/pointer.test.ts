import fc from "fast-check";
import { expect, test } from "vitest";
import { parseChunk } from "../stills/chunk.js";
import { ChunkAssembler } from "../stills/chunk-assembler.js";
import {
  type PointerShape,
  parsePointerPosition,
  parsePointerShape,
  writePointerPosition,
  writePointerShape,
} from "./pointer-message.js";
import { PointerReceiver } from "./pointer-receiver.js";
import { PointerSender } from "./pointer-sender.js";
import { PointerState } from "./pointer-state.js";

const SHAPE: PointerShape = {
  id: 4,
  width: 3,
  height: 2,
  hotspotX: 1,
  hotspotY: 0,
  rgba: Uint8Array.from({ length: 24 }, (_, i) => i),
};

test("messages are read as they were written", () => {
  const position = { x: -20, y: 70_000, visible: true, shapeId: 0xffff_ffff };
  expect(parsePointerPosition(writePointerPosition(position, 9))).toEqual({ position, number: 9 });
  expect(parsePointerShape(writePointerShape(SHAPE))).toEqual(SHAPE);
});

test("a shape is sent once, before the position that needs it, in messages that fit", () => {
  const state = new PointerState();
  const sender = new PointerSender({ state, maxMessageSize: 30 });
  expect(sender.messages()).toBeUndefined();
  state.addShape(SHAPE);
  state.position = { x: 1, y: 2, visible: true, shapeId: 4 };
  const { shape, position } = sender.messages()!;
  expect(shape.every(({ length }) => length <= 30)).toBe(true);
  const assembler = new ChunkAssembler();
  const [object] = shape.flatMap((chunk) => assembler.add(parseChunk(chunk)!) ?? []);
  const receiver = new PointerReceiver();
  expect(receiver.receive(object!)).toEqual({ kind: "shape", shape: SHAPE });
  expect(receiver.receive(position)).toEqual({ kind: "position", position: state.position });
  expect(sender.messages()!.shape).toEqual([]);
  state.position = undefined;
  expect(receiver.receive(sender.messages()!.position)).toMatchObject({ position: { visible: false } });
});

test("a position that comes late moves nothing", () => {
  const receiver = new PointerReceiver();
  const at = (x: number, number: number) => writePointerPosition({ x, y: 0, visible: true, shapeId: 1 }, number);
  expect([at(1, 0xffff_ffff), at(2, 1), at(3, 0), at(3, 1)].map((m) => receiver.receive(m)?.kind)).toEqual([
    "position",
    "position",
    undefined,
    undefined,
  ]);
});

test("what makes no sense is refused", () => {
  const receiver = new PointerReceiver();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(3, 17), (bytes, kind) => {
      const message = Uint8Array.of(kind, ...bytes);
      const update = receiver.receive(message);
      if (update?.kind === "shape") expect(update.shape.rgba.length).toBe(update.shape.width * update.shape.height * 4);
    }),
    { seed: 71 },
  );
});
