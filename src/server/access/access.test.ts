import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { SCREEN } from "../../../test/support/fake-stream-host.js";
import { BEARER, startTestServer, TOKEN } from "../../../test/support/test-server.js";

const ROUTES = ["/", "/index.html", "/assets/page-1a2b.js", "/api/streams", "/api/events", "/api/pin", "/whep/screen"];
const MORE_ROUTES = ["/whep/none", "/whep/screen/session", "/health", "/metrics", "/none", "/%2e%2e/etc/passwd", "//x"];
const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

describe("without the token", () => {
  test("every route answers with the same status and nothing else", async () => {
    const { send, host } = await startTestServer();
    for (const path of [...ROUTES, ...MORE_ROUTES]) {
      for (const method of METHODS) {
        const { status, headers, body } = await send({ method, path });
        expect([method, path, status, body]).toEqual([method, path, 401, ""]);
        expect(JSON.stringify(headers)).not.toMatch(/sightline|hono|node|screen|secret/i);
      }
    }
    expect(host.sessions).toHaveLength(0);
  });

  test("nothing that resembles a proof of access is one", async () => {
    const { send } = await startTestServer();
    const almost = TOKEN.slice(0, -1);
    const tries = [
      { path: `/api/streams?token=${almost}` },
      { path: `/api/streams?token=` },
      { path: `/api/streams?TOKEN=${TOKEN}` },
      { headers: { Authorization: `Bearer ${almost}` } },
      { headers: { Authorization: `Basic ${TOKEN}` } },
      { headers: { Cookie: `sightline=${TOKEN}` } },
      { headers: { Referer: `http://127.0.0.1/?token=${TOKEN}` } },
    ];
    for (const attempt of tries) {
      const { status, body } = await send({ path: "/api/streams", ...attempt });
      expect([attempt, status, body]).toEqual([attempt, 401, ""]);
    }
  });
});

describe("with the token", () => {
  test("in the link, as a bearer token and in the cookie that the link leaves behind", async () => {
    const { send, server } = await startTestServer();
    const opened = await send({ path: `/?token=${TOKEN}` });
    const [cookie] = opened.headers["set-cookie"] as string[];
    expect(cookie).toBe(`sightline-${server.port}=${TOKEN}; Path=/; HttpOnly; SameSite=Strict`);
    for (const attempt of [
      { path: `/api/streams?token=${TOKEN}` },
      { headers: BEARER },
      { headers: { Authorization: `bearer ${TOKEN}` } },
      { headers: { Cookie: `other=1; ${cookie?.split(";", 1)[0]}` } },
    ]) {
      const { status, body } = await send({ path: "/api/streams", ...attempt });
      expect([attempt, status, JSON.parse(body)]).toEqual([attempt, 200, { streams: [SCREEN] }]);
    }
  });

  test("is made anew for every server, with 128 bits, and stands in the links", async () => {
    const servers = await Promise.all([1, 2].map(() => startTestServer({ access: { kind: "token" } })));
    const [first, second] = servers.map(({ server }) => server);
    expect(first?.token).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(first?.token).not.toBe(second?.token);
    expect(first?.links().at(-1)).toBe(`http://localhost:${first?.port}/?token=${first?.token}`);
  });

  test("one that could be guessed is not taken", async () => {
    await expect(startTestServer({ access: { kind: "token", token: "secret" } })).rejects.toThrow(/22 to 128/);
  });
});

describe("every response", () => {
  test("tells browsers what they must never do", async () => {
    const { send } = await startTestServer();
    for (const headers of [{}, BEARER]) {
      const answer = await send({ path: "/", headers });
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(answer.headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; " +
          "media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      );
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

describe("other sites' pages", () => {
  test("change nothing, even with the token", async () => {
    const { send, server, host } = await startTestServer();
    const offer = { method: "POST", path: "/whep/screen", body: "v=0" };
    const own = `127.0.0.1:${server.port}`;
    const cases: [headers: Record<string, string>, status: number][] = [
      [{}, 201],
      [{ Origin: `http://${own}` }, 201],
      [{ Origin: `http://${own}`, "Sec-Fetch-Site": "same-origin" }, 201],
      [{ Origin: `https://${own}` }, 403],
      [{ Origin: `http://127.0.0.1:${server.port + 1}` }, 403],
      [{ Origin: "http://evil.example" }, 403],
      [{ Origin: "null" }, 403],
      [{ "Sec-Fetch-Site": "cross-site" }, 403],
      [{ "Sec-Fetch-Site": "same-site" }, 403],
    ];
    for (const [headers, status] of cases) {
      const answer = await send({ ...offer, headers: { ...BEARER, "Content-Type": "application/sdp", ...headers } });
      expect([headers, answer.status]).toEqual([headers, status]);
      if (status === 403) expect(answer.body).toBe("");
    }
    expect(host.sessions).toHaveLength(3);
  });

  test("get no permission by a preflight", async () => {
    const { send } = await startTestServer({ access: { kind: "open" } });
    const headers = { Origin: "http://evil.example", "Access-Control-Request-Method": "POST" };
    const answer = await send({ method: "OPTIONS", path: "/whep/screen", headers });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("cannot pass for us under a name of theirs", async () => {
    const { send, server } = await startTestServer({ access: { kind: "open" }, hostNames: ["Proxy.Example"] });
    const accepted = ["127.0.0.1", "[::1]", "192.0.2.9", "localhost", "tv.local", hostname(), "PROXY.example"];
    for (const name of accepted) {
      expect([name, (await send({ path: "/health", headers: { Host: `${name}:${server.port}` } })).status]).toEqual([
        name,
        200,
      ]);
    }
    for (const name of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "evillocal", "local.example"]) {
      const answer = await send({ path: "/health", headers: { Host: `${name}:${server.port}` } });
      expect([name, answer.status, answer.body]).toEqual([name, 403, ""]);
    }
  });
});

test("open access lets everybody in", async () => {
  const { send, server } = await startTestServer({ access: { kind: "open" } });
  expect((await send({ path: "/api/streams" })).status).toBe(200);
  expect(server.token).toBeUndefined();
  expect(server.links().at(-1)).toBe(`http://localhost:${server.port}/`);
});
