import { type ChildProcess, fork } from "node:child_process";

/** A request as it is asked; its number is given on the way. */
export type Asked<Request> = Request extends { readonly id: number } ? Omit<Request, "id"> : never;

/** A process of viewers, which answers each request by one message with its `id`. */
export class ClientProcess<Request extends { readonly id: number }> {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (reply: Record<string, unknown>) => void>();
  private next = 0;

  /** @param program - what runs in it */
  constructor(program: URL) {
    this.process = fork(program);
    this.process.on("message", (reply: { id: number }) => this.waiting.get(reply.id)?.({ ...reply }));
  }

  /** Ends the process. */
  close(): void {
    this.process.disconnect();
  }

  /** Resolves with the answer to a request. */
  protected ask(request: Asked<Request>): Promise<Record<string, unknown>> {
    const id = this.next++;
    this.process.send({ id, ...request });
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
