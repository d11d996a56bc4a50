import type { XId } from "./xlib.js";

/** A rectangle in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An event of the X server, reduced to what Sightline uses. */
export type XEvent =
  | { readonly kind: "key"; readonly window: XId }
  | { readonly kind: "expose"; readonly window: XId }
  | { readonly kind: "destroyed"; readonly window: XId }
  | { readonly kind: "unmapped"; readonly window: XId }
  | { readonly kind: "mapped"; readonly window: XId }
  | { readonly kind: "configured"; readonly window: XId; readonly width: number; readonly height: number }
  | { readonly kind: "client-message"; readonly window: XId; readonly data: number }
  /** The damage of `drawable` grew; `area` bounds all of it since it was last taken. */
  | { readonly kind: "damage"; readonly drawable: XId; readonly area: Rectangle }
  /** The pointer has another shape. */
  | { readonly kind: "cursor" }
  /** The pointer moved. */
  | { readonly kind: "motion" }
  /** The server has read a shared image. */
  | { readonly kind: "put-completed"; readonly drawable: XId }
  | { readonly kind: "other" };

/** The numbers of the first event of each extension in use, and XInput's major opcode. */
export interface ExtensionNumbers {
  damage?: number;
  fixes?: number;
  shm?: number;
  inputOpcode?: number;
}

/** Bytes in the union `XEvent` of 64-bit Xlib. */
export const EVENT_BYTES = 192;

const OTHER: XEvent = { kind: "other" };
const CURSOR: XEvent = { kind: "cursor" };
const MOTION: XEvent = { kind: "motion" };

/** Event types, as `X11/X.h` defines them. */
const KeyPress = 2;
const Expose = 12;
const DestroyNotify = 17;
const UnmapNotify = 18;
const MapNotify = 19;
const ConfigureNotify = 22;
const ClientMessage = 33;
const GenericEvent = 35;

/** XFixes numbers its cursor event one after its first. */
const FIXES_CURSOR_NOTIFY = 1;

/**
 * Reads the union `XEvent` as 64-bit Xlib lays it out. Every event starts with: type (int) at 0, serial at 8, send_event
 * at 16, display at 24; a drawable or window follows at 32.
 */
export function decodeEvent(event: Buffer, numbers: ExtensionNumbers): XEvent {
  const type = event.readInt32LE(0);
  switch (type) {
    case KeyPress:
      return { kind: "key", window: readXId(event, 32) };
    case Expose:
      return { kind: "expose", window: readXId(event, 32) };
    // The structure events name the window that changed after the one that selected them.
    case DestroyNotify:
      return { kind: "destroyed", window: readXId(event, 40) };
    case UnmapNotify:
      return { kind: "unmapped", window: readXId(event, 40) };
    case MapNotify:
      return { kind: "mapped", window: readXId(event, 40) };
    case ConfigureNotify:
      return {
        kind: "configured",
        window: readXId(event, 40),
        width: event.readInt32LE(56),
        height: event.readInt32LE(60),
      };
    case ClientMessage:
      return { kind: "client-message", window: readXId(event, 32), data: readXId(event, 56) };
    case GenericEvent:
      // Only motion is ever selected.
      return event.readInt32LE(32) === numbers.inputOpcode ? MOTION : OTHER;
    case numbers.damage:
      return { kind: "damage", drawable: readXId(event, 32), area: readRectangle(event, 64) };
    case numbers.shm:
      return { kind: "put-completed", drawable: readXId(event, 32) };
  }
  return numbers.fixes !== undefined && type === numbers.fixes + FIXES_CURSOR_NOTIFY ? CURSOR : OTHER;
}

/** Bytes in Xlib's `XRectangle`: x, y as short, width, height as unsigned short. */
export const RECTANGLE_BYTES = 8;

/** Reads an `XRectangle`. */
export function readRectangle(buffer: Buffer, offset: number): Rectangle {
  return {
    x: buffer.readInt16LE(offset),
    y: buffer.readInt16LE(offset + 2),
    width: buffer.readUInt16LE(offset + 4),
    height: buffer.readUInt16LE(offset + 6),
  };
}

/** X identifiers have 29 bits, but Xlib keeps them in an unsigned long. */
export function readXId(buffer: Buffer, offset: number): XId {
  return buffer.readUInt32LE(offset);
}
