import { type ChildProcess, fork } from "node:child_process";
import type { Arrival, LinkClientRequest } from "./link-client.js";

type RequestWithoutId = LinkClientRequest extends infer R
  ? R extends LinkClientRequest
    ? Omit<R, "id">
    : never
  : never;

/** A process of viewers of a link. */
export class LinkClients {
  private readonly process: ChildProcess = fork(new URL("./link-client.js", import.meta.url));
  private readonly waiting = new Map<number, (reply: Record<string, unknown>) => void>();
  private next = 0;

  constructor() {
    this.process.on("message", (reply: { id: number }) => this.waiting.get(reply.id)?.({ ...reply }));
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

  /** Ends the process. */
  close(): void {
    this.process.disconnect();
  }

  private ask(request: RequestWithoutId): Promise<Record<string, unknown>> {
    const id = this.next++;
    this.process.send({ id, ...request });
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
