import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { chooseVideo, parseCandidateFragment, parseWebRtcDescription, SeededRng } from "../../src/core/index.js";
import { FakeStreamHost } from "../support/fake-stream-host.js";
import { openLinkClient } from "../support/link-client.js";
import { startSightline } from "../support/sightline.js";
import { BEARER, startTestServer, type TestServer, TOKEN } from "../support/test-server.js";
import { HostileText } from "./hostile-text.js";

const OFFERS = ["chromium", "wrtc"].map((name) =>
  readFileSync(new URL(`offers/${name}.sdp`, import.meta.url), "utf8").replaceAll("\n", "\r\n"),
);
const HOSTILE_OFFERS = 10_000;
const HOSTILE_FRAGMENTS = 2_000;
const HOSTILE_VIEWERS = 1_500;
const HOSTILE_REQUESTS = 2_000;
const AT_ONCE = 20;
const SEED = 20_250_611;
const SENDABLE = [
  { codec: "h264", chroma: "444" },
  { codec: "h264", chroma: "420" },
] as const;

test(`${HOSTILE_OFFERS} mutated offers get 201 or 4xx, and nothing stays behind`, { timeout: 120_000 }, async () => {
  const { server, errors, ...rest } = await startParsingServer();
  const offers = new HostileText(new SeededRng(SEED), OFFERS);
  const statuses = new Map<number, number>();
  await repeat(HOSTILE_OFFERS, async () => {
    const answer = await post(`${address(server.port)}/whep/screen`, "application/sdp", offers.next());
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const location = answer.headers.get("location");
    if (location) await fetch(`${address(server.port)}${location}`, { method: "DELETE", headers: BEARER });
  });
  expect(errors).toEqual([]);
  expect([...statuses.keys()].sort()).toEqual([201, 400, 413, 422]);
  await expectNothingLeft(rest);
});

test(`${HOSTILE_FRAGMENTS} mutated candidate fragments do no harm to the session`, { timeout: 60_000 }, async () => {
  const { server, errors, host, send } = await startParsingServer();
  const [offer] = OFFERS;
  const { headers } = await post(`${address(server.port)}/whep/screen`, "application/sdp", offer!);
  const session = `${address(server.port)}${headers.get("location")}`;
  const fragments = new HostileText(new SeededRng(SEED), [
    offer!.slice(offer!.indexOf("m=video")),
    "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=end-of-candidates\r\n",
  ]);
  await repeat(HOSTILE_FRAGMENTS, async () => {
    const ifMatch = fragments.pick(['"ice-1"', "*", "", '"', 'W/"ice-1"', '"a","ice-1"', ",".repeat(200)]);
    const answer = await fetch(session, {
      method: "PATCH",
      headers: { ...BEARER, "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": ifMatch },
      body: fragments.next(),
    });
    expect([204, 400, 412, 413]).toContain(answer.status);
  });
  expect(errors).toEqual([]);
  expect(host.sessions[0]?.isClosed).toBe(false);
  await host.sessions[0]?.close();
  await expectNothingLeft({ host, send });
});

test(`${HOSTILE_REQUESTS} requests of any form get an answer or the connection's end`, {
  timeout: 60_000,
}, async () => {
  const { server, errors, host, send } = await startParsingServer();
  const hostile = new HostileText(new SeededRng(SEED), [
    `POST /whep/screen?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n`,
    `GET /api/streams?token=${TOKEN} HTTP/1.1\r\nHost: [::1]:80\r\nCookie: a=b; sightline-1=c\r\nAccept: */*\r\n\r\n`,
    `PATCH /whep/screen/a?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\nIf-Match: "a"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    `GET http://localhost/assets/%2e%2e/a.js HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
  ]);
  await repeat(HOSTILE_REQUESTS, async () => {
    expect(await sendRaw(server.port, hostile.next())).not.toBe(500);
  });
  expect(errors).toEqual([]);
  await expectNothingLeft({ host, send });
});

test(`a share survives ${HOSTILE_VIEWERS} mutated offers, and then has a viewer`, { timeout: 120_000 }, async () => {
  const share = startSightline("share", ["test", "--size", "320x240", "--no-announce"]);
  const { urls } = await share.event("link");
  const { stream } = await share.event("started");
  const endpoint = new URL(urls.at(-1)!);
  endpoint.pathname = `/whep/${stream}`;
  const offers = new HostileText(new SeededRng(SEED), OFFERS.slice(0, 1));
  const statuses = new Set<number>();
  await repeat(HOSTILE_VIEWERS, async () => {
    const answer = await post(endpoint.href, "application/sdp", offers.next());
    statuses.add(answer.status);
    const location = answer.headers.get("location");
    if (location) await fetch(new URL(location, endpoint), { method: "DELETE" });
  });
  expect([...statuses].sort()).toEqual([201, 400, 413, 422]);
  const viewer = await openLinkClient(urls.at(-1)!);
  await viewer.more(10);
  await viewer.leave();
  expect(share.events.filter(({ kind }) => kind === "warning")).toEqual([]);
  expect(await share.interrupt()).toMatchObject({ code: 0, stderr: "" });
});

/** A server whose host reads offers and candidates as the real one does, and that has the token {@link BEARER} shows. */
function startParsingServer(): Promise<TestServer> {
  const host = new FakeStreamHost();
  host.answer = async (_stream, offer) => {
    chooseVideo(parseWebRtcDescription(offer), SENDABLE);
    return "v=0\r\n";
  };
  host.patch = (fragment) => void parseCandidateFragment(fragment);
  return startTestServer({}, host);
}

/** Does it so many times, a few at once. */
async function repeat(times: number, action: () => Promise<void>): Promise<void> {
  let done = 0;
  const worker = async () => {
    while (done++ < times) await action();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Sends bytes and no more; the status of the answer, if there is one. */
async function sendRaw(port: number, request: string): Promise<number | undefined> {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  socket.on("error", () => {}); // cut off while we still sent
  let answer = "";
  socket.on("data", (text: string) => {
    answer += text;
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.end(request, "latin1");
  await closed;
  return /^HTTP\/1\.1 (\d{3}) /.exec(answer) ? Number(answer.slice(9, 12)) : undefined;
}

/** Every session has ended, nobody listens any more, and only a handful of counters exist, whatever was sent. */
async function expectNothingLeft({ host, send }: Pick<TestServer, "host" | "send">): Promise<void> {
  expect(host.sessions.every(({ isClosed }) => isClosed)).toBe(true);
  const { body } = await send({ path: "/metrics", headers: BEARER });
  expect(body).toContain("sightline_viewer_sessions 0\n");
  expect(body).toContain("sightline_event_clients 0\n");
  expect(body.split("\n").length).toBeLessThan(50);
}

function post(url: string, type: string, body: string): Promise<Response> {
  return fetch(url, { method: "POST", headers: { ...BEARER, "Content-Type": type }, body });
}

function address(port: number): string {
  return `http://127.0.0.1:${port}`;
}
