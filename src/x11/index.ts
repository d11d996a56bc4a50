export { nameWindowPixmap, redirectWindow } from "./composite.js";
export { XConnection } from "./connection.js";
export { createServerImage } from "./create-image.js";
export { Damage } from "./damage.js";
export type { Rectangle, XEvent } from "./events.js";
export { drawableSize, listMonitors, rootArea } from "./monitors.js";
export { type PointerShape, type PointerState, PointerWatch } from "./pointer.js";
export type { Rows, ServerImage } from "./server-image.js";
export {
  bindLibrary,
  once,
  type Pointer,
} from "./shared-library.js";
export { fitScreen, XWindow } from "./window.js";
export { type ListedWindow, listWindows, windowOrigin } from "./window-list.js";
export { EventMask, type XId } from "./xlib.js";
