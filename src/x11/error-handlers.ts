import koffi from "koffi";
import { once, type Pointer } from "./shared-library.js";
import { xlib, xlibExitHandler } from "./xlib.js";

/** A request that the X server refused. */
export interface ProtocolError {
  /** As `X11/X.h` numbers them: 3 BadWindow, 8 BadMatch, 9 BadDrawable, 10 BadAccess, 11 BadAlloc … */
  readonly code: number;
  /** The major opcode of the request. */
  readonly request: number;
}

/** What has gone wrong on one connection. */
export interface ConnectionHealth {
  /** The server is gone; libX11 answers every further call with a failure. */
  lost: boolean;
  /** The newest request that the server refused. */
  error: ProtocolError | undefined;
}

/** Byte offsets in `XErrorEvent` of 64-bit Xlib. */
const ERROR_CODE_OFFSET = 32;
const REQUEST_CODE_OFFSET = 33;

const connections = new Map<Pointer, ConnectionHealth>();

/**
 * Starts to watch a connection. libX11's own handlers end the process at the first error; ours take a note instead. A
 * libX11 older than 1.7 cannot be kept from ending the process when the server goes away.
 */
export function watchHealth(display: Pointer): ConnectionHealth {
  const health: ConnectionHealth = { lost: false, error: undefined };
  connections.set(display, health);
  const handlers = installHandlers();
  xlibExitHandler()?.XSetIOErrorExitHandler(display, handlers.exit, null);
  return health;
}

/** Ends {@link watchHealth}; the display is closed. */
export function unwatchHealth(display: Pointer): void {
  connections.delete(display);
}

/** libX11's handlers are global, so they are installed once and tell connections apart by their pointer. */
const installHandlers = once(() => {
  const onError = koffi.register(
    (display: Pointer, event: bigint) => {
      const health = connections.get(display);
      if (health) {
        const error = Buffer.from(koffi.view(event, REQUEST_CODE_OFFSET + 1));
        health.error = { code: error[ERROR_CODE_OFFSET] ?? 0, request: error[REQUEST_CODE_OFFSET] ?? 0 };
      }
      return 0;
    },
    koffi.pointer(koffi.proto("int (void *display, void *event)")),
  );
  xlib().XSetErrorHandler(onError);
  const noteLoss = (display: Pointer): void => {
    const health = connections.get(display);
    if (health) health.lost = true;
  };
  const exit = koffi.register(noteLoss, koffi.pointer(koffi.proto("void (void *display, void *data)")));
  if (xlibExitHandler()) {
    // The default handler prints to stderr; the loss is reported as an error of ours.
    const quiet = koffi.register(() => 0, koffi.pointer(koffi.proto("int (void *display)")));
    xlib().XSetIOErrorHandler(quiet);
  }
  return { exit };
});
