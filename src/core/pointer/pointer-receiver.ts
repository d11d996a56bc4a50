import { MessageKind } from "../stills/message-kind.js";
import { type PointerPosition, type PointerShape, parsePointerPosition, parsePointerShape } from "./pointer-message.js";

/** What a viewer is to do with its pointer. */
export type PointerUpdate =
  | { readonly kind: "shape"; readonly shape: PointerShape }
  | { readonly kind: "position"; readonly position: PointerPosition };

/** Understands what a sender tells of its pointer, in any order. */
export class PointerReceiver {
  private newest: number | undefined;

  /** Takes a message or a whole object; undefined for those that are late, malformed, or of something else. */
  receive(message: Uint8Array): PointerUpdate | undefined {
    if (message[0] === MessageKind.pointerShape) {
      const shape = parsePointerShape(message);
      return shape && { kind: "shape", shape };
    }
    const told = parsePointerPosition(message);
    if (told === undefined || (this.newest !== undefined && ((told.number - this.newest) | 0) <= 0)) return undefined;
    this.newest = told.number;
    return { kind: "position", position: told.position };
  }

  /** Another stream comes. */
  reset(): void {
    this.newest = undefined;
  }
}
