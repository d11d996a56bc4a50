import koffi from "koffi";

/** What is used of the system's C library. */
export interface LibC {
  /** Returns the bytes that were sent, or −1. */
  sendmsg(fd: number, message: bigint, flags: number): number;
  /** Writes the bytes of a literal address to `out`; returns 1 if it is one. */
  inet_pton(family: number, text: string, out: Buffer): number;
  /** Of the last call that failed. */
  errno(): number;
}

/** Linux's error numbers that mean "not now" rather than "not at all": EINTR, EAGAIN, ENOBUFS. */
export const PASSING_ERRORS: ReadonlySet<number> = new Set([4, 11, 105]);

/** The machines whose structures this program knows: 64 bits, the low byte first. */
const KNOWN_MACHINES = ["x64", "arm64"];

/** The C library of a system that can segment datagrams (Linux); undefined elsewhere. */
export function loadLibC(): LibC | undefined {
  if (process.platform !== "linux" || !KNOWN_MACHINES.includes(process.arch)) return undefined;
  try {
    const library = koffi.load(null); // what this process has loaded: glibc or musl
    return {
      sendmsg: library.func("intptr_t sendmsg(int fd, void *message, int flags)"),
      inet_pton: library.func("int inet_pton(int family, const char *text, _Out_ uint8_t *out)"),
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined;
  }
}
