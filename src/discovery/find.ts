import { setTimeout as pause } from "node:timers/promises";
import { type FoundShare, readService, SERVICE_TYPE } from "./announcement.js";
import { openDnsSd } from "./dns-sd.js";

/** A network with more is not a person's to choose from. */
const MAX_FOUND = 200;

/**
 * Looks for shares on the local network (DNS-SD, RFC 6763).
 *
 * @param forMs - how long to wait for answers; most come within 100 ms
 */
export async function findOnNetwork(forMs: number): Promise<FoundShare[]> {
  const found = new Map<string, FoundShare>();
  const service = openDnsSd();
  const browser = service.find({ type: SERVICE_TYPE, protocol: "tcp" });
  browser.on("up", ({ host, port, txt, referer }) => {
    const share = readService({ host, port, txt, address: referer?.address });
    if (share !== undefined && found.size < MAX_FOUND) found.set(share.url, share);
  });
  await pause(forMs / 2);
  browser.update(); // the first question, or its answer, may have been lost
  await pause(forMs / 2);
  browser.stop();
  await new Promise<void>((resolve) => service.destroy(() => resolve()));
  return [...found.values()];
}
