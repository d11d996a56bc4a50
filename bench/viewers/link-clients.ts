import { ClientProcess } from "./client-process.js";
import type { Arrival, LinkClientRequest } from "./link-client.js";

/** A process of viewers of a link. */
export class LinkClients extends ClientProcess<LinkClientRequest> {
  constructor() {
    super(new URL("./link-client.js", import.meta.url));
  }

  /** Adds a viewer; resolves with its number once it is connected. `rateBps`: by a path of this rate. */
  async join(endpoint: string, rateBps?: number): Promise<number> {
    const reply = await this.ask({ kind: "join", endpoint, ...(rateBps !== undefined && { rateBps }) });
    return reply["viewer"] as number;
  }

  /** A viewer goes away. */
  async leave(viewer: number): Promise<void> {
    await this.ask({ kind: "leave", viewer });
  }

  /** What has come to each viewer since the last time. */
  async arrivals(): Promise<readonly (readonly Arrival[])[]> {
    return (await this.ask({ kind: "arrivals" }))["viewers"] as Arrival[][];
  }
}
