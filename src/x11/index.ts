export { nameWindowPixmap, redirectWindow } from "./composite.js";
export { XConnection } from "./connection.js";
export { createServerImage } from "./create-image.js";
export { Damage } from "./damage.js";
export type { ProtocolError } from "./error-handlers.js";
export type { Rectangle, XEvent } from "./events.js";
export { drawableSize, listMonitors, rootArea } from "./monitors.js";
export { type PointerShape, type PointerState, PointerWatch } from "./pointer.js";
export type { Rows, ServerImage } from "./server-image.js";
export {
  bindLibrary,
  bindOptionalLibrary,
  once,
  type Pointer,
  type Prototypes,
  type SharedLibrary,
} from "./shared-library.js";
export { fitScreen, hasWindowManager, XWindow } from "./window.js";
export { type ListedWindow, listWindows, windowOrigin, windowTitle } from "./window-list.js";
export { EventMask, type XId } from "./xlib.js";
