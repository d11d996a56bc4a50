import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type Announcement, SERVICE_TYPE, writeTxt } from "./announcement.js";
import { openDnsSd } from "./dns-sd.js";

/** The goodbye is one packet; a network that does not take it must not keep us. */
const GOODBYE_TIMEOUT_MS = 500;

/** An announcement that stands. */
export interface Announced {
  /** Says goodbye, so that nobody goes on listing the share. */
  close(): Promise<void>;
}

/** Tells the local network of a share (DNS-SD, RFC 6763), until it is closed. */
export function announce(announcement: Announcement): Announced {
  const { port } = announcement;
  const service = openDnsSd();
  service.publish({
    // Unique on the network without asking, since a machine has a port but once.
    name: `Sightline on ${hostname()} ${port}`,
    type: SERVICE_TYPE,
    protocol: "tcp",
    host: `${hostname().replace(/\..*$/, "")}.local`,
    port,
    txt: writeTxt(announcement),
    probe: false,
  });
  return {
    async close() {
      const said = new Promise<void>((resolve) => service.unpublishAll(() => resolve()));
      await Promise.race([said, pause(GOODBYE_TIMEOUT_MS, undefined, { ref: false })]);
      await new Promise<void>((resolve) => service.destroy(() => resolve()));
    },
  };
}
