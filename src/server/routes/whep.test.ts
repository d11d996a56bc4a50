import { once } from "node:events";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { eventually } from "../../../test/support/eventually.js";
import type { FakeStreamHost } from "../../../test/support/fake-stream-host.js";
import { BEARER, startTestServer, type TestServer, TOKEN } from "../../../test/support/test-server.js";
import { SightlineError } from "../../core/index.js";

const SDP = { ...BEARER, "Content-Type": "application/sdp" };
const FRAGMENT = { ...BEARER, "Content-Type": "application/trickle-ice-sdpfrag" };
const CANDIDATE = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n";

describe("POST of an offer", () => {
  test("creates a session that answers by its URL", async () => {
    const { send, host } = await startTestServer();
    const created = await send({ ...offer(), headers: { ...SDP, "User-Agent": "x".repeat(300) } });
    const [session] = host.sessions;
    expect(created).toMatchObject({ status: 201, body: "v=0\r\n" });
    expect(created.headers).toMatchObject({
      "content-type": "application/sdp",
      location: `/whep/screen/${session?.id}`,
      etag: '"ice-1"',
      "accept-patch": "application/trickle-ice-sdpfrag",
    });
    expect(host.clients).toEqual([{ remote: "127.0.0.1", userAgent: "x".repeat(200) }]);
    const seen = await send({ path: `/whep/screen/${session?.id}`, headers: BEARER });
    expect([seen.status, seen.body]).toEqual([204, ""]);
  });

  test("puts the token into the session's URL for clients that have nothing but URLs", async () => {
    const { send } = await startTestServer();
    const headers = { "Content-Type": "application/sdp; charset=utf-8" };
    const created = await send({ ...offer(), path: `/whep/screen?token=${TOKEN}`, headers });
    const location = String(created.headers["location"]);
    expect(location).toMatch(new RegExp(`\\?token=${TOKEN}$`));
    expect((await send({ method: "DELETE", path: location })).status).toBe(200);
  });

  test.each([
    ["another type", { headers: { ...SDP, "Content-Type": "application/json" } }, 415],
    ["no type", { headers: BEARER }, 415],
    ["an unknown stream", { path: "/whep/none" }, 404],
    ["a stream whose name is no name", { path: "/whep/%00" }, 404],
    ["a body that is too long", { body: `v=0${" ".repeat(65_536)}` }, 413],
    ["a body that is no UTF-8", { body: Uint8Array.of(0x76, 0xff) }, 400],
  ])("refuses %s", async (_name, change, status) => {
    const { send, host } = await startTestServer();
    const answer = await send({ ...offer(), ...change });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(answer.body)).toMatchObject({ status });
    expect(host.sessions).toHaveLength(0);
  });

  test("stops reading a body of unknown length that gets too long", async () => {
    const { server } = await startTestServer();
    const outgoing = request({ port: server.port, method: "POST", path: "/whep/screen", headers: SDP });
    outgoing.on("error", () => {}); // the server need not read on
    for (let i = 0; i < 80; i++) outgoing.write("x".repeat(1_024));
    const [response] = await once(outgoing, "response");
    expect(response.statusCode).toBe(413);
    outgoing.destroy();
  });

  test.each([
    ["invalid-data", 400],
    ["not-found", 404],
    ["unsupported", 422],
    ["unavailable", 503],
  ] as const)("says what %s means", async (code, status) => {
    const { send, host } = await startTestServer();
    host.answer = async () => {
      throw new SightlineError(code, "why");
    };
    const answer = await send(offer());
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { title: "why", status }]);
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "2" : undefined);
  });

  test("keeps to itself what nobody foresaw", async () => {
    const { send, host, errors } = await startTestServer();
    const failure = new TypeError("a detail of ours");
    host.answer = async () => {
      throw failure;
    };
    const answer = await send(offer());
    expect([answer.status, answer.body, errors]).toEqual([500, "", [failure]]);
  });

  test("allows only so many sessions, and counts offers that are being answered", async () => {
    const { send, host } = await startTestServer({ maxViewers: 2 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    host.answer = async () => held.then(() => "v=0\r\n");
    const waiting = [send(offer()), send(offer())];
    const third = await send(offer());
    expect([third.status, third.headers["retry-after"]]).toEqual([503, "2"]);
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201]);
    expect((await send(offer())).status).toBe(503);
    await host.sessions[0]?.close(); // the viewer's connection broke
    expect((await send(offer())).status).toBe(201);
  });

  test("leaves others some of the sessions", async () => {
    const { send, host } = await startTestServer({ maxViewers: 42 });
    for (let i = 0; i < 21; i++) expect((await send(offer())).status).toBe(201);
    const refused = await send(offer());
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "30"]);
    const metrics = await send({ path: "/metrics", headers: BEARER });
    expect(metrics.body).toContain('sightline_http_responses_total{method="POST",status="429"} 1');
    await host.sessions[0]?.close();
    expect((await send(offer())).status).toBe(201);
  });

  test("ends the session at once if the client has gone away meanwhile", async () => {
    const { server, host, send } = await startTestServer();
    const { asked, answer } = holdAnswer(host);
    const outgoing = request({ port: server.port, method: "POST", path: "/whep/screen", headers: SDP, agent: false });
    outgoing.on("error", () => {});
    outgoing.end("v=0");
    await asked;
    outgoing.destroy();
    await send({ path: "/health", headers: BEARER }); // by then the server has seen the other connection end
    answer();
    await eventually({ look: () => host.sessions[0]?.isClosed, until: (isClosed) => isClosed === true });
  });
});

describe("PATCH of a session", () => {
  test("hands on candidates of the ICE session that is meant", async () => {
    const { patch, session } = await startSession();
    const answer = await patch({ headers: { ...FRAGMENT, "If-Match": '"ice-1"' } });
    expect([answer.status, answer.body, answer.headers["etag"]]).toEqual([204, "", undefined]);
    expect(session.patches).toEqual([{ sdpFragment: CANDIDATE, etag: "ice-1" }]);
  });

  test.each(["*", '"*"'])("restarts ICE with If-Match: %s, after which the old tag is void", async (any) => {
    const { patch } = await startSession();
    const answer = await patch({ headers: { ...FRAGMENT, "If-Match": any }, body: "a=ice-pwd:new\r\n" });
    expect([answer.status, answer.body, answer.headers["etag"]]).toEqual([200, "a=ice-ufrag:2\r\n", '"ice-2"']);
    expect(answer.headers["content-type"]).toBe("application/trickle-ice-sdpfrag");
    expect((await patch({ headers: { ...FRAGMENT, "If-Match": '"ice-1"' } })).status).toBe(412);
    expect((await patch({ headers: { ...FRAGMENT, "If-Match": '"ice-0", "ice-2"' } })).status).toBe(204);
  });

  test.each([
    ["without If-Match", { headers: FRAGMENT }, 428],
    ["for another ICE session", { headers: { ...FRAGMENT, "If-Match": '"ice-0"' } }, 412],
    ["with a weak tag", { headers: { ...FRAGMENT, "If-Match": 'W/"ice-1"' } }, 412],
    ["of another type", { headers: { ...SDP, "If-Match": "*" } }, 415],
    ["with a body that is no fragment", { headers: { ...FRAGMENT, "If-Match": "*" }, body: "x" }, 400],
    ["with a body that is too long", { headers: { ...FRAGMENT, "If-Match": "*" }, body: "x".repeat(65_537) }, 413],
  ])("is refused %s", async (_name, change, status) => {
    const { patch } = await startSession();
    expect((await patch(change)).status).toBe(status);
  });
});

describe("DELETE of a session", () => {
  test("ends it, whatever the entity tag", async () => {
    const { send, session, path } = await startSession();
    const answer = await send({ method: "DELETE", path, headers: { ...BEARER, "If-Match": '"other"' } });
    expect([answer.status, answer.body, session.isClosed]).toEqual([200, "", true]);
    for (const method of ["DELETE", "PATCH", "GET", "OPTIONS"]) {
      expect((await send({ method, path, headers: { ...FRAGMENT, "If-Match": "*" } })).status).toBe(404);
    }
  });

  test("of another stream's path finds nothing", async () => {
    const { send, session, host } = await startSession();
    host.become([...host.list, { ...host.list[0]!, id: "camera" }]);
    const answer = await send({ method: "DELETE", path: `/whep/camera/${session.id}`, headers: BEARER });
    expect([answer.status, session.isClosed]).toEqual([404, false]);
  });
});

describe("what is allowed", () => {
  test("OPTIONS says it, and everything else is 405", async () => {
    const { send, path } = await startSession();
    const endpoint = await send({ method: "OPTIONS", path: "/whep/screen", headers: BEARER });
    expect([endpoint.status, endpoint.headers["accept-post"]]).toEqual([200, "application/sdp"]);
    const session = await send({ method: "OPTIONS", path, headers: BEARER });
    expect([session.status, session.headers["accept-patch"]]).toEqual([200, "application/trickle-ice-sdpfrag"]);
    expect((await send({ path: "/whep/screen", headers: BEARER })).status).toBe(204);
    for (const [method, at] of [
      ["PUT", "/whep/screen"],
      ["DELETE", "/whep/screen"],
      ["POST", path],
    ] as const) {
      const answer = await send({ method, path: at, headers: BEARER });
      expect([answer.status, answer.headers["allow"]]).toEqual([405, expect.stringContaining("OPTIONS")]);
    }
  });
});

test("closing the server ends every session, also one that is still being answered", async () => {
  const { host, send, server } = await startTestServer();
  await send(offer());
  const { asked, answer } = holdAnswer(host);
  const late = send(offer()).catch(() => "cut off");
  await asked;
  await server.close();
  answer();
  expect(await late).toBe("cut off");
  await new Promise(setImmediate);
  expect(host.sessions.map(({ isClosed }) => isClosed)).toEqual([true, true]);
});

/** Has the host wait: `asked` is fulfilled once it was asked, `answer` lets it answer. */
function holdAnswer(host: FakeStreamHost): { asked: Promise<void>; answer: () => void } {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    host.answer = () => {
      resolve();
      return new Promise((answered) => {
        answer = () => answered("v=0\r\n");
      });
    };
  });
  return { asked, answer: () => answer() };
}

function offer() {
  return { method: "POST", path: "/whep/screen", headers: SDP, body: "v=0\r\n" } as const;
}

async function startSession() {
  const test: TestServer = await startTestServer();
  await test.send(offer());
  const session = test.host.sessions[0]!;
  const path = `/whep/screen/${session.id}`;
  const patch = (change: object) => test.send({ method: "PATCH", path, body: CANDIDATE, ...change });
  return { ...test, session, path, patch };
}
