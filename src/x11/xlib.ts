import { bindLibrary, bindOptionalLibrary, once, type Pointer } from "./shared-library.js";

/** The number by which the X server knows a window, pixmap, atom, damage or region. 0 is `None`. */
export type XId = number;

/** The functions of libX11 that Sightline calls, named and documented as in Xlib. Booleans are 0 and 1. */
export interface Xlib {
  XOpenDisplay(name: string | null): Pointer;
  XCloseDisplay(display: Pointer): number;
  XDisplayName(name: string | null): string;
  XConnectionNumber(display: Pointer): number;
  XDefaultScreen(display: Pointer): number;
  XRootWindow(display: Pointer, screen: number): XId;
  XDefaultVisual(display: Pointer, screen: number): Pointer;
  XDefaultDepth(display: Pointer, screen: number): number;
  XBlackPixel(display: Pointer, screen: number): number;
  XSync(display: Pointer, discard: number): number;
  XFlush(display: Pointer): number;
  XPending(display: Pointer): number;
  XNextEvent(display: Pointer, event: Buffer): number;
  XFree(data: Pointer): number;
  XInternAtom(display: Pointer, name: string, onlyIfExists: number): XId;
  XQueryExtension(
    display: Pointer,
    name: string,
    opcode: Int32Array,
    firstEvent: Int32Array,
    firstError: Int32Array,
  ): number;
  XSelectInput(display: Pointer, window: XId, mask: number): number;
  XSetErrorHandler(handler: Pointer): Pointer;
  XSetIOErrorHandler(handler: Pointer): Pointer;
  XGetGeometry(
    display: Pointer,
    drawable: XId,
    root: BigUint64Array,
    x: Int32Array,
    y: Int32Array,
    width: Uint32Array,
    height: Uint32Array,
    border: Uint32Array,
    depth: Uint32Array,
  ): number;
  XGetWindowAttributes(display: Pointer, window: XId, attributes: Buffer): number;
  XTranslateCoordinates(
    display: Pointer,
    from: XId,
    to: XId,
    x: number,
    y: number,
    toX: Int32Array,
    toY: Int32Array,
    child: BigUint64Array,
  ): number;
  XQueryTree(
    display: Pointer,
    window: XId,
    root: BigUint64Array,
    parent: BigUint64Array,
    children: BigUint64Array,
    count: Uint32Array,
  ): number;
  XQueryPointer(
    display: Pointer,
    window: XId,
    root: BigUint64Array,
    child: BigUint64Array,
    rootX: Int32Array,
    rootY: Int32Array,
    x: Int32Array,
    y: Int32Array,
    mask: Uint32Array,
  ): number;
  XGetWindowProperty(
    display: Pointer,
    window: XId,
    property: XId,
    offset: number,
    length: number,
    remove: number,
    type: XId,
    actualType: BigUint64Array,
    actualFormat: Int32Array,
    items: BigUint64Array,
    bytesAfter: BigUint64Array,
    data: BigUint64Array,
  ): number;
  XChangeProperty(
    display: Pointer,
    window: XId,
    property: XId,
    type: XId,
    format: number,
    mode: number,
    data: Buffer,
    items: number,
  ): number;
  XCreateImage(
    display: Pointer,
    visual: Pointer,
    depth: number,
    format: number,
    offset: number,
    data: Pointer,
    width: number,
    height: number,
    pad: number,
    bytesPerLine: number,
  ): Pointer;
  XGetSubImage(
    display: Pointer,
    drawable: XId,
    x: number,
    y: number,
    width: number,
    height: number,
    planes: number,
    format: number,
    image: Pointer,
    toX: number,
    toY: number,
  ): Pointer;
  XPutImage(
    display: Pointer,
    drawable: XId,
    gc: Pointer,
    image: Pointer,
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    width: number,
    height: number,
  ): number;
  XCreateGC(display: Pointer, drawable: XId, mask: number, values: Pointer): Pointer;
  XFreeGC(display: Pointer, gc: Pointer): number;
  XFreePixmap(display: Pointer, pixmap: XId): number;
  XCreateSimpleWindow(
    display: Pointer,
    parent: XId,
    x: number,
    y: number,
    width: number,
    height: number,
    borderWidth: number,
    border: number,
    background: number,
  ): XId;
  XDestroyWindow(display: Pointer, window: XId): number;
  XMapRaised(display: Pointer, window: XId): number;
  XUnmapWindow(display: Pointer, window: XId): number;
  XMoveResizeWindow(display: Pointer, window: XId, x: number, y: number, width: number, height: number): number;
  XChangeWindowAttributes(display: Pointer, window: XId, mask: number, attributes: Buffer): number;
  XSetInputFocus(display: Pointer, window: XId, revertTo: number, time: number): number;
  XSetWMProtocols(display: Pointer, window: XId, protocols: BigUint64Array, count: number): number;
  XStoreName(display: Pointer, window: XId, name: string): number;
  XSendEvent(display: Pointer, window: XId, propagate: number, mask: number, event: Buffer): number;
  XLookupKeysym(event: Buffer, index: number): number;
  XKeysymToString(keysym: number): string | null;
}

const LIBX11 = { files: ["libX11.so.6", "libX11.6.dylib"], package: "libx11-6" };

/**
 * libX11, loaded at the first call.
 *
 * @throws SightlineError `unsupported` if it is missing
 */
export const xlib: () => Xlib = once(() =>
  bindLibrary<Xlib>(LIBX11, {
    XOpenDisplay: "void *XOpenDisplay(const char *)",
    XCloseDisplay: "int XCloseDisplay(void *)",
    XDisplayName: "const char *XDisplayName(const char *)",
    XConnectionNumber: "int XConnectionNumber(void *)",
    XDefaultScreen: "int XDefaultScreen(void *)",
    XRootWindow: "unsigned long XRootWindow(void *, int)",
    XDefaultVisual: "void *XDefaultVisual(void *, int)",
    XDefaultDepth: "int XDefaultDepth(void *, int)",
    XBlackPixel: "unsigned long XBlackPixel(void *, int)",
    XSync: "int XSync(void *, int)",
    XFlush: "int XFlush(void *)",
    XPending: "int XPending(void *)",
    XNextEvent: "int XNextEvent(void *, void *)",
    XFree: "int XFree(void *)",
    XInternAtom: "unsigned long XInternAtom(void *, const char *, int)",
    XQueryExtension: "int XQueryExtension(void *, const char *, void *, void *, void *)",
    XSelectInput: "int XSelectInput(void *, unsigned long, long)",
    XSetErrorHandler: "void *XSetErrorHandler(void *)",
    XSetIOErrorHandler: "void *XSetIOErrorHandler(void *)",
    XGetGeometry: "int XGetGeometry(void *, unsigned long, void *, void *, void *, void *, void *, void *, void *)",
    XGetWindowAttributes: "int XGetWindowAttributes(void *, unsigned long, void *)",
    XTranslateCoordinates:
      "int XTranslateCoordinates(void *, unsigned long, unsigned long, int, int, void *, void *, void *)",
    XQueryTree: "int XQueryTree(void *, unsigned long, void *, void *, void *, void *)",
    XQueryPointer: "int XQueryPointer(void *, unsigned long, void *, void *, void *, void *, void *, void *, void *)",
    XGetWindowProperty:
      "int XGetWindowProperty(void *, unsigned long, unsigned long, long, long, int, unsigned long, void *, void *, void *, void *, void *)",
    XChangeProperty: "int XChangeProperty(void *, unsigned long, unsigned long, unsigned long, int, int, void *, int)",
    XCreateImage:
      "void *XCreateImage(void *, void *, unsigned int, int, int, void *, unsigned int, unsigned int, int, int)",
    XGetSubImage:
      "void *XGetSubImage(void *, unsigned long, int, int, unsigned int, unsigned int, unsigned long, int, void *, int, int)",
    XPutImage: "int XPutImage(void *, unsigned long, void *, void *, int, int, int, int, unsigned int, unsigned int)",
    XCreateGC: "void *XCreateGC(void *, unsigned long, unsigned long, void *)",
    XFreeGC: "int XFreeGC(void *, void *)",
    XFreePixmap: "int XFreePixmap(void *, unsigned long)",
    XCreateSimpleWindow:
      "unsigned long XCreateSimpleWindow(void *, unsigned long, int, int, unsigned int, unsigned int, unsigned int, unsigned long, unsigned long)",
    XDestroyWindow: "int XDestroyWindow(void *, unsigned long)",
    XMapRaised: "int XMapRaised(void *, unsigned long)",
    XUnmapWindow: "int XUnmapWindow(void *, unsigned long)",
    XMoveResizeWindow: "int XMoveResizeWindow(void *, unsigned long, int, int, unsigned int, unsigned int)",
    XChangeWindowAttributes: "int XChangeWindowAttributes(void *, unsigned long, unsigned long, void *)",
    XSetInputFocus: "int XSetInputFocus(void *, unsigned long, int, unsigned long)",
    XSetWMProtocols: "int XSetWMProtocols(void *, unsigned long, void *, int)",
    XStoreName: "int XStoreName(void *, unsigned long, const char *)",
    XSendEvent: "int XSendEvent(void *, unsigned long, int, long, void *)",
    XLookupKeysym: "unsigned long XLookupKeysym(void *, int)",
    XKeysymToString: "const char *XKeysymToString(unsigned long)",
  }),
);

/** What libX11 has since version 1.7. */
export interface XlibExitHandler {
  XSetIOErrorExitHandler(display: Pointer, handler: Pointer, data: Pointer): void;
}

/** `XSetIOErrorExitHandler`, or undefined where libX11 is older than 1.7. */
export const xlibExitHandler: () => XlibExitHandler | undefined = once(() =>
  bindOptionalLibrary<XlibExitHandler>(LIBX11, {
    XSetIOErrorExitHandler: "void XSetIOErrorExitHandler(void *, void *, void *)",
  }),
);

/** Event masks, as `X11/X.h` defines them. */
export const EventMask = {
  KeyPress: 1 << 0,
  Exposure: 1 << 15,
  StructureNotify: 1 << 17,
  SubstructureNotify: 1 << 19,
  SubstructureRedirect: 1 << 20,
} as const;

/** Image format of whole pixels, as `X11/X.h` defines it. */
export const Z_PIXMAP = 2;

/** A plane mask that lets every bit through. */
export const ALL_PLANES = 0xffff_ffff;

/** The atoms that every X server has, as `X11/Xatom.h` defines them. */
export const PredefinedAtom = { ATOM: 4, CARDINAL: 6, STRING: 31, WINDOW: 33, WM_NAME: 39 } as const;
