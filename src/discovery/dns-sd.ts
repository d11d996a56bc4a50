import type { EventEmitter } from "node:events";
import { Bonjour } from "bonjour-service";

/** Opens DNS-SD on this machine's networks. Where multicast does not work, nothing is found and nobody is told. */
export function openDnsSd(): Bonjour {
  const service = new Bonjour({}, () => {});
  // A failure to bind is an event of an object that the package keeps to itself; unheard, it would end the process.
  const { server } = service as unknown as { readonly server: { readonly mdns: EventEmitter } };
  server.mdns.on("error", () => {});
  return service;
}
