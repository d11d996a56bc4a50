import { describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../test/support/test-server.js";
import { type Micros, micros, seconds } from "../../core/index.js";
import { Lockout } from "./lockout.js";
import { PinAttempts } from "./pin-attempts.js";
import { createPin } from "./secret.js";

const ACCESS = { kind: "pin", pin: "042137" } as const;

describe("access by PIN", () => {
  test("shows a form that tells and loads nothing, and bare statuses everywhere else", async () => {
    const { send } = await startTestServer({ access: ACCESS });
    const form = await send({ path: "/" });
    expect(form.status).toBe(401);
    expect(form.body).toContain('action="/api/pin"');
    expect(form.body).not.toMatch(/secret|screen|<script|src=|href=/i);
    expect(form.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'/);
    expect(form.headers["referrer-policy"]).toBe("same-origin"); // no-referrer would make the form's Origin null
    expect((await send({ path: "/", headers: { "Accept-Language": "zh-CN,zh;q=0.9" } })).body).toContain('lang="zh"');
    for (const path of ["/api/streams", "/api/events", "/assets/a.js", "/whep/screen", "/metrics", "/none"]) {
      const { status, body } = await send({ path });
      expect([path, status, body]).toEqual([path, 401, ""]);
    }
  });

  test("lets in with the right one, from a form or a program", async () => {
    const { send } = await startTestServer({ access: ACCESS });
    const byProgram = await tryPin(send, "042137");
    expect(byProgram.status).toBe(204);
    const byForm = await send({
      method: "POST",
      path: "/api/pin",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "pin=042137",
    });
    expect([byForm.status, byForm.headers["location"]]).toEqual([303, "/"]);
    for (const { headers } of [byProgram, byForm]) {
      const cookie = (headers["set-cookie"] as string[])[0]!;
      expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
      expect(cookie).not.toContain("042137");
      const answer = await send({ path: "/api/streams", headers: { Cookie: cookie.split(";", 1)[0]! } });
      expect(answer.status).toBe(200);
    }
  });

  test("refuses wrong ones, then locks, and then not even the right one opens", async () => {
    const { send } = await startTestServer({ access: ACCESS });
    for (let i = 0; i < 5; i++) expect((await tryPin(send, "111111")).status).toBe(403);
    const locked = await tryPin(send, "042137");
    expect([locked.status, locked.headers["retry-after"], locked.body]).toEqual([429, "5", ""]);
    expect(locked.headers["set-cookie"]).toBeUndefined();
  });

  test("other sites' pages cannot try", async () => {
    const { send } = await startTestServer({ access: ACCESS });
    const headers = { "Content-Type": "application/json", Origin: "http://evil.example" };
    const answer = await send({ method: "POST", path: "/api/pin", headers, body: '{"pin":"042137"}' });
    expect([answer.status, answer.headers["set-cookie"]]).toEqual([403, undefined]);
  });

  test("what is no PIN is no try", async () => {
    const { send } = await startTestServer({ access: ACCESS });
    for (const body of ["", "{", "null", '{"pin":42137}', "[]"]) {
      const answer = await send({ method: "POST", path: "/api/pin", body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
    expect((await send({ method: "POST", path: "/api/pin", body: "x".repeat(2_000) })).status).toBe(413);
  });

  test("draws six digits, leading zeros too, and takes nothing else", async () => {
    for (let i = 0; i < 200; i++) expect(createPin()).toMatch(/^\d{6}$/);
    await expect(startTestServer({ access: { kind: "pin", pin: "12345" } })).rejects.toThrow("six digits");
  });
});

describe("the limit on tries", () => {
  test("makes each further wait twice as long, up to the longest", () => {
    const lockout = new Lockout({ free: 2, first: seconds(5), longest: seconds(60) });
    const waits: number[] = [];
    let now = seconds(1_000);
    for (let i = 0; i < 9; i++) {
      now = micros(now + lockout.waitAt(now));
      lockout.fail(now);
      waits.push(lockout.waitAt(now) / seconds(1));
    }
    expect(waits).toEqual([0, 0, 5, 10, 20, 40, 60, 60, 60]);
  });

  test("forgives slowly", () => {
    const lockout = new Lockout({ free: 0, first: seconds(5), longest: seconds(60) });
    lockout.fail(seconds(0));
    lockout.fail(seconds(10));
    expect(lockout.isClearAt(seconds(10 + 239))).toBe(false);
    expect(lockout.isClearAt(seconds(10 + 240))).toBe(true);
  });

  test("holds an attacker with one address below 100 tries a day, with any number of them below 1,500", () => {
    expect(triesInADay((i) => `192.0.2.${i % 1}`)).toBeLessThan(110);
    expect(triesInADay((i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)).toBeLessThan(1_500);
  });

  test("counts an IPv6 network as one, however its addresses are written", () => {
    const attempts = new PinAttempts();
    for (let i = 0; i < 6; i++) attempts.fail(seconds(1), `2001:db8::${i}`);
    expect(attempts.waitAt(seconds(1), "2001:db8:0:0:9::1")).toBeGreaterThan(0);
    expect(attempts.waitAt(seconds(1), "2001:db8:0:1::1")).toBe(0);
  });
});

function tryPin(send: TestServer["send"], pin: string) {
  const headers = { "Content-Type": "application/json" };
  return send({ method: "POST", path: "/api/pin", headers, body: JSON.stringify({ pin }) });
}

/** Tries as soon as it may, all day, each time from the address that `addressOf` names; how often that was. */
function triesInADay(addressOf: (attempt: number) => string): number {
  const attempts = new PinAttempts();
  const end = seconds(24 * 3_600);
  let now: Micros = seconds(0);
  for (let tried = 0; ; tried++) {
    now = micros(now + attempts.waitAt(now, addressOf(tried)));
    if (now >= end) return tried;
    attempts.fail(now, addressOf(tried));
  }
}
