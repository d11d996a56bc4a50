import type { XConnection } from "./connection.js";
import { bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import type { XId } from "./xlib.js";

/** The functions of libXfixes that Sightline calls. */
export interface XFixes {
  XFixesQueryExtension(display: Pointer, eventBase: Int32Array, errorBase: Int32Array): number;
  XFixesQueryVersion(display: Pointer, major: Int32Array, minor: Int32Array): number;
  XFixesCreateRegion(display: Pointer, rectangles: Pointer, count: number): XId;
  XFixesDestroyRegion(display: Pointer, region: XId): void;
  XFixesFetchRegion(display: Pointer, region: XId, count: Int32Array): bigint | null;
  XFixesSelectCursorInput(display: Pointer, window: XId, mask: number): void;
  XFixesGetCursorImage(display: Pointer): bigint | null;
}

const library = once(() =>
  bindOptionalLibrary<XFixes>(
    { files: ["libXfixes.so.3", "libXfixes.3.dylib"], package: "libxfixes3" },
    {
      XFixesQueryExtension: "int XFixesQueryExtension(void *, void *, void *)",
      XFixesQueryVersion: "int XFixesQueryVersion(void *, void *, void *)",
      XFixesCreateRegion: "unsigned long XFixesCreateRegion(void *, void *, int)",
      XFixesDestroyRegion: "void XFixesDestroyRegion(void *, unsigned long)",
      XFixesFetchRegion: "void *XFixesFetchRegion(void *, unsigned long, void *)",
      XFixesSelectCursorInput: "void XFixesSelectCursorInput(void *, unsigned long, unsigned long)",
      XFixesGetCursorImage: "void *XFixesGetCursorImage(void *)",
    },
  ),
);

/** libXfixes, ready for use on this connection; undefined if the server or this machine lacks it. */
export function xfixes(connection: XConnection): XFixes | undefined {
  const fixes = library();
  if (!fixes || connection.extensionNumbers.fixes !== undefined) return fixes;
  const first = new Int32Array(1);
  const { display, lost } = connection;
  if (lost || !fixes.XFixesQueryExtension(display, first, new Int32Array(1))) return undefined;
  // The server answers requests of this extension only after it was told which version is spoken.
  fixes.XFixesQueryVersion(display, new Int32Array(1), new Int32Array(1));
  connection.extensionNumbers.fixes = first[0] ?? 0;
  return fixes;
}
