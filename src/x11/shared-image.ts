import koffi from "koffi";
import type { XConnection } from "./connection.js";
import { ImageHeader } from "./image-header.js";
import type { Rows, ServerImage } from "./server-image.js";
import { bindLibrary, bindOptionalLibrary, once, type Pointer } from "./shared-library.js";
import { ALL_PLANES, type XId, Z_PIXMAP } from "./xlib.js";

interface XShm {
  XShmQueryExtension(display: Pointer): number;
  XShmGetEventBase(display: Pointer): number;
  XShmCreateImage(
    display: Pointer,
    visual: Pointer,
    depth: number,
    format: number,
    data: Pointer,
    segment: Pointer,
    width: number,
    height: number,
  ): bigint | null;
  XShmAttach(display: Pointer, segment: Pointer): number;
  XShmDetach(display: Pointer, segment: Pointer): number;
  XShmGetImage(display: Pointer, drawable: XId, image: Pointer, x: number, y: number, planes: number): number;
  XShmPutImage(
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
    notify: number,
  ): number;
}

interface SystemV {
  shmget(key: number, size: number, flags: number): number;
  shmat(id: number, address: Pointer, flags: number): bigint;
  shmdt(address: bigint): number;
  shmctl(id: number, command: number, data: Pointer): number;
}

const xshm = once(() =>
  bindOptionalLibrary<XShm>(
    { files: ["libXext.so.6", "libXext.6.dylib"], package: "libxext6" },
    {
      XShmQueryExtension: "int XShmQueryExtension(void *)",
      XShmGetEventBase: "int XShmGetEventBase(void *)",
      XShmCreateImage:
        "void *XShmCreateImage(void *, void *, unsigned int, int, void *, void *, unsigned int, unsigned int)",
      XShmAttach: "int XShmAttach(void *, void *)",
      XShmDetach: "int XShmDetach(void *, void *)",
      XShmGetImage: "int XShmGetImage(void *, unsigned long, void *, int, int, unsigned long)",
      XShmPutImage:
        "int XShmPutImage(void *, unsigned long, void *, void *, int, int, int, int, unsigned int, unsigned int, int)",
    },
  ),
);

const systemV = once(() =>
  bindLibrary<SystemV>(
    { files: ["libc.so.6", "libSystem.B.dylib"], package: "libc6" },
    {
      shmget: "int shmget(int, size_t, int)",
      shmat: "void *shmat(int, void *, int)",
      shmdt: "int shmdt(void *)",
      shmctl: "int shmctl(int, int, void *)",
    },
  ),
);

const IPC_PRIVATE = 0;
const IPC_CREAT_USER_ONLY = 0o1600;
const IPC_RMID = 0;
const SHMAT_FAILED = 0xffff_ffff_ffff_ffffn;

const segmentInfo = once(() =>
  koffi.struct({ shmseg: "unsigned long", shmid: "int", shmaddr: "void *", readOnly: "int" }),
);

/** Unmaps segments once no Buffer shows them: a Buffer of an unmapped segment would crash the process at its next use. */
const unmapper = new FinalizationRegistry<bigint>((address) => {
  systemV().shmdt(address);
});

/** An image in memory shared with the server (MIT-SHM), or undefined where that is not possible. */
export function createSharedImage(
  connection: XConnection,
  size: { readonly width: number; readonly height: number },
): ServerImage | undefined {
  const shm = xshm();
  const { display, xlib } = connection;
  if (!shm || connection.lost || !shm.XShmQueryExtension(display)) return undefined;
  const segment = koffi.alloc(segmentInfo(), 1) as bigint;
  const visual = xlib.XDefaultVisual(display, connection.screen);
  const depth = xlib.XDefaultDepth(display, connection.screen);
  const image = shm.XShmCreateImage(display, visual, depth, Z_PIXMAP, null, segment, size.width, size.height);
  if (image === null) {
    koffi.free(segment);
    return undefined;
  }
  const header = new ImageHeader(image);
  const address = attach(connection, shm, segment, header.stride * size.height);
  if (address === undefined) {
    xlib.XFree(image);
    koffi.free(segment);
    return undefined;
  }
  connection.extensionNumbers.shm = shm.XShmGetEventBase(display);
  const memory = koffi.view(address, header.stride * size.height);
  unmapper.register(memory, address);
  return new SharedImage(connection, shm, { header, segment, address, memory, ...size });
}

/** Makes a segment and maps it here and in the server, which refuses where it runs elsewhere. */
function attach(connection: XConnection, shm: XShm, segment: bigint, bytes: number): bigint | undefined {
  const id = systemV().shmget(IPC_PRIVATE, bytes, IPC_CREAT_USER_ONLY);
  if (id < 0) return undefined;
  const address = systemV().shmat(id, null, 0);
  let attached = false;
  if (address !== SHMAT_FAILED) {
    koffi.encode(segment, segmentInfo(), { shmseg: 0, shmid: id, shmaddr: address, readOnly: 0 });
    attached = connection.attempt(() => shm.XShmAttach(connection.display, segment)) === undefined && !connection.lost;
    if (!attached) systemV().shmdt(address);
  }
  // Marked for removal while mapped, it disappears with the last process that maps it, even after a crash.
  systemV().shmctl(id, IPC_RMID, null);
  return attached ? address : undefined;
}

interface SharedImageParts {
  readonly header: ImageHeader;
  readonly segment: bigint;
  readonly address: bigint;
  readonly memory: ArrayBuffer;
  readonly width: number;
  readonly height: number;
}

class SharedImage implements ServerImage {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly pixels: Buffer;
  readonly notifies = true;
  private readonly connection: XConnection;
  private readonly shm: XShm;
  private readonly header: ImageHeader;
  private readonly segment: bigint;
  private readonly address: bigint;
  private isOpen = true;

  constructor(connection: XConnection, shm: XShm, parts: SharedImageParts) {
    this.width = parts.width;
    this.height = parts.height;
    this.stride = parts.header.stride;
    this.pixels = Buffer.from(parts.memory);
    this.connection = connection;
    this.shm = shm;
    this.header = parts.header;
    this.segment = parts.segment;
    this.address = parts.address;
  }

  get(drawable: XId, origin: { readonly x: number; readonly y: number }, rows: Rows): boolean {
    if (this.connection.lost || !this.isOpen) return false;
    this.header.narrow(this.address, rows);
    const { display } = this.connection;
    const y = origin.y + rows.y;
    return this.shm.XShmGetImage(display, drawable, this.header.pointer, origin.x, y, ALL_PLANES) !== 0;
  }

  put(window: XId, gc: Pointer, rows: Rows, notify: boolean): void {
    if (this.connection.lost || !this.isOpen) return;
    const { display } = this.connection;
    const { pointer } = this.header;
    const { y, height } = rows;
    this.header.narrow(this.address, { y: 0, height: this.height });
    this.shm.XShmPutImage(display, window, gc, pointer, 0, y, 0, y, this.width, height, notify ? 1 : 0);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.connection.lost) this.shm.XShmDetach(this.connection.display, this.segment);
    this.connection.sync();
    this.header.detach();
    this.connection.xlib.XFree(this.header.pointer);
    koffi.free(this.segment);
  }
}
