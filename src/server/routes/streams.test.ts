import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../../../test/support/eventually.js";
import { FakeStreamHost, SCREEN } from "../../../test/support/fake-stream-host.js";
import { BEARER, startTestServer } from "../../../test/support/test-server.js";
import { StreamEvents } from "../stream-events.js";

const CAMERA = { ...SCREEN, id: "camera", name: "Café ☕", kind: "camera" } as const;

describe("server-sent events", () => {
  test("tell the streams at once and after every change, changes that come together once", async () => {
    const { server, host } = await startTestServer();
    const { response, read } = await listenTo(server.port);
    expect(response.headers["content-type"]).toBe("text/event-stream");
    expect(await read()).toBe(`retry: 1000\nevent: streams\ndata: ${JSON.stringify({ streams: [SCREEN] })}\n\n`);
    host.become([]);
    host.become([SCREEN, CAMERA]);
    expect(await read()).toBe(`event: streams\ndata: ${JSON.stringify({ streams: [SCREEN, CAMERA] })}\n\n`);
  });

  test("end at once with the server, which then listens to nobody", async () => {
    const { server, host } = await startTestServer();
    const { response, read } = await listenTo(server.port);
    await read();
    const ended = once(response, "close");
    await server.close();
    await ended;
    expect(host.listeners.size).toBe(0);
  });

  test("are for a bounded number of clients, and a place is free again when one leaves", async () => {
    const { server, send } = await startTestServer({ maxViewers: 1 });
    const clients = await Promise.all([listenTo(server.port), listenTo(server.port)]);
    const third = await send({ path: "/api/events", headers: BEARER });
    expect([third.status, third.headers["retry-after"]]).toEqual([503, "5"]);
    clients[0]?.response.destroy();
    await eventually({
      look: async () => (await send({ path: "/metrics", headers: BEARER })).body,
      until: (metrics) => metrics.includes("sightline_event_clients 1\n"),
    });
  });

  test("HEAD opens none", async () => {
    const { send } = await startTestServer();
    expect((await send({ method: "HEAD", path: "/api/events", headers: BEARER })).status).toBe(200);
    expect((await send({ path: "/metrics", headers: BEARER })).body).toContain("sightline_event_clients 0\n");
  });

  test("keep the connection alive, and end for a client that does not read", async () => {
    const events = new StreamEvents(new FakeStreamHost(), { limit: 1, heartbeatMs: 1 });
    onTestFinished(() => events.close());
    const reader = events.open()!.getReader();
    await reader.read();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(":\n\n");
    await eventually({ look: () => events.count, until: (count) => count === 0 });
    await expect(drain(reader)).rejects.toThrow("does not read");
  });
});

async function listenTo(port: number): Promise<{ response: IncomingMessage; read: () => Promise<string> }> {
  const outgoing = request({ port, path: "/api/events", headers: BEARER, agent: false }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  response.setEncoding("utf8").on("error", () => {}); // it is cut off
  onTestFinished(() => {
    response.destroy();
  });
  const read = async () => ((await once(response, "data")) as [string])[0];
  return { response, read };
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
