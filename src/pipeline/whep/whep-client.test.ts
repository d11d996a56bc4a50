import { once } from "node:events";
import { createServer, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { WhepClient } from "./whep-client.js";

/** A server that gives every request the same answer; its endpoint's URL. */
async function answering(status: number, headers: OutgoingHttpHeaders): Promise<URL> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end("v=0"));
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/whep/screen`);
}

const SENSELESS = ["http://[", "ftp://192.0.2.1/session"];

test.each(SENSELESS)("a server that leads to %s is refused by name", async (location) => {
  const client = new WhepClient(await answering(307, { location }), {});
  await expect(client.open("v=0")).rejects.toMatchObject({ name: "SightlineError", code: "invalid-data" });
});

test.each(SENSELESS)("a session that is said to be at %s can be ended", async (location) => {
  const session = await new WhepClient(await answering(201, { location }), {}).open("v=0");
  expect(session.answerSdp).toBe("v=0");
  await session.end();
});

test("a server that has stopped answering keeps nobody from leaving", async () => {
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
  onTestFinished(() => void vi.restoreAllMocks());
  const server = createServer((request, response) => {
    if (request.method === "POST") response.writeHead(201, { location: "/session" }).end("v=0");
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/whep/screen`);
  const session = await new WhepClient(url, {}).open("v=0");
  await session.end();
});
