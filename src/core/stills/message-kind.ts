/** The first byte of every message and object beside the video: what it is. */
export const MessageKind = {
  /** Which tiles changed: see `writeMaskMessage`. */
  mask: 1,
  /** A part of an object that is too large for one message: see `writeChunk`. */
  chunk: 2,
  /** Where the pointer is: see `writePointerPosition`. */
  pointerPosition: 3,
  /** From the viewer: it has lost track, and needs everything anew. One byte. */
  refresh: 4,
  /** An object: pixels that have been still; see `writeStillRectangle`. */
  stillRectangle: 16,
  /** An object: what the pointer looks like; see `writePointerShape`. */
  pointerShape: 17,
} as const;
