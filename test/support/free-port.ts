import { createSocket } from "node:dgram";

/** Below the range that systems hand out by themselves, so that no other socket takes the port in the meantime. */
const LOWEST = 20_000;
const HIGHEST = 31_998;
/** Test files run in processes of their own: each counts from its own place. */
const PORTS_PER_PROCESS = 100;

let next = LOWEST + ((process.pid * PORTS_PER_PROCESS) % (HIGHEST - LOWEST));

/** An even UDP port that is free at every address, as the one after it is (players take that one for RTCP). */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port + 2 > HIGHEST ? LOWEST : port + 2;
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => socket.close(() => resolve(false)));
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}
