export {
  MAX_POINTER_SIZE,
  type PointerPosition,
  type PointerShape,
  parsePointerPosition,
  parsePointerShape,
  writePointerPosition,
  writePointerShape,
} from "./pointer-message.js";
export { PointerReceiver, type PointerUpdate } from "./pointer-receiver.js";
export { type PointerMessages, PointerSender } from "./pointer-sender.js";
export { PointerState } from "./pointer-state.js";
