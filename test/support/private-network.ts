import { type Program, startProgram } from "./program.js";

/** A network of a test's own: nothing but a loopback interface that carries multicast. */
export interface PrivateNetwork {
  /** What to put before a command so that it runs there. */
  readonly within: readonly string[];
}

const SET_UP = "ip link set lo up && ip route add 224.0.0.0/4 dev lo && echo ready && exec sleep infinity";

/** Makes a private network; it is gone when the test has finished. Needs no privileges where users may have namespaces. */
export async function startPrivateNetwork(): Promise<PrivateNetwork> {
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const holder = startProgram("unshare", [...asUser, "--net", "sh", "-c", SET_UP]);
  await untilReady(holder);
  const entering = asUser.length > 0 ? ["--user", "--preserve-credentials"] : [];
  return { within: ["nsenter", "--target", String(holder.pid), ...entering, "--net"] };
}

async function untilReady(holder: Program): Promise<void> {
  await Promise.race([
    new Promise<void>((resolve) => holder.onOutput(() => resolve())),
    holder.ended.then(() => {
      throw new Error(`a private network cannot be made: ${holder.stderr}`);
    }),
  ]);
}
