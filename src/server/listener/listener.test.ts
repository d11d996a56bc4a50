import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { type NetworkInterfaceInfo, tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { BEARER, startTestServer } from "../../../test/support/test-server.js";
import { linksTo } from "./links.js";
import { machineAddresses } from "./machine-addresses.js";
import { selfSignedCertificate } from "./self-signed.js";

const DAY_MS = 24 * 60 * 60 * 1_000;
const TODAY = new Date("2030-06-15T12:00:00Z");
const NAMES = ["localhost", "machine.local", "192.0.2.7", "2001:db8::7"];

describe("the port", () => {
  test("is the next one when it is taken, unless the user named it", async () => {
    const first = await startTestServer();
    const { port } = first.server;
    const second = await startTestServer({ port });
    expect(second.server.port).toBeGreaterThan(port);
    expect(second.server.port).toBeLessThanOrEqual(port + 20);
    expect((await second.send({ path: "/health", headers: BEARER })).status).toBe(200);
    await expect(startTestServer({ port, strictPort: true })).rejects.toMatchObject({
      code: "in-use",
      message: `port ${port} is in use: choose another one`,
    });
  });

  test("is free again once the server is closed, twice or not", async () => {
    const { server } = await startTestServer();
    await Promise.all([server.close(), server.close()]);
    const other = createServer().listen(server.port);
    await once(other, "listening");
    other.close();
  });

  test("of an address that this machine does not have is refused", async () => {
    await expect(startTestServer({ bindAddress: "192.0.2.77" })).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("links", () => {
  const info = (address: string, internal = false): NetworkInterfaceInfo =>
    ({ address, internal, family: address.includes(":") ? "IPv6" : "IPv4" }) as NetworkInterfaceInfo;
  const interfaces = {
    lo: [info("127.0.0.1", true), info("::1", true)],
    docker0: [info("172.17.0.1")],
    wg0: [info("10.8.0.2"), info("fd00::2")],
    eth0: [info("fe80::1"), info("2001:db8::5"), info("192.0.2.5")],
    wlan0: [info("198.51.100.5")],
    usb0: [info("169.254.3.4")],
  };

  test("put the default route's address first, then the network's, virtual ones and localhost last", () => {
    const links = linksTo(machineAddresses("198.51.100.5", interfaces), { port: 8080, secure: false, token: "abc" });
    expect(links).toEqual([
      "http://198.51.100.5:8080/?token=abc",
      "http://192.0.2.5:8080/?token=abc",
      "http://169.254.3.4:8080/?token=abc",
      "http://172.17.0.1:8080/?token=abc",
      "http://10.8.0.2:8080/?token=abc",
      "http://localhost:8080/?token=abc",
    ]);
  });

  test("name only the address that the server is bound to", () => {
    const options = { port: 8443, secure: true };
    expect(linksTo(machineAddresses(undefined, interfaces), { ...options, bindAddress: "2001:db8::5" })).toEqual([
      "https://[2001:db8::5]:8443/",
    ]);
    expect(linksTo([], { ...options, bindAddress: "0.0.0.0" })).toEqual(["https://localhost:8443/"]);
  });
});

describe("the self-signed certificate", () => {
  test("is valid for every name, for as long as browsers take it, and only its user can read the key", async () => {
    const folder = await temporaryFolder();
    const { certificate: pem, key } = await selfSignedCertificate({ names: NAMES, today: TODAY, folder });
    const certificate = new X509Certificate(pem);
    for (const name of ["localhost", "machine.local"]) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ["192.0.2.7", "2001:db8::7"]) expect(certificate.checkIP(address)).toBeDefined();
    const validMs = new Date(certificate.validTo).getTime() - new Date(certificate.validFrom).getTime();
    expect(validMs).toBeLessThanOrEqual(398 * DAY_MS);
    const file = join(folder, "certificate.pem");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain(key.trim());
  });

  test("is kept, and made anew when it ends, lacks an address or is damaged", async () => {
    const folder = await temporaryFolder();
    const first = await selfSignedCertificate({ names: NAMES, today: TODAY, folder });
    const later = (days: number) => new Date(TODAY.getTime() + days * DAY_MS);
    expect(await selfSignedCertificate({ names: NAMES.slice(1), today: later(300), folder })).toEqual({
      certificate: first.certificate.trim(),
      key: first.key.trim(),
    });
    const moved = await selfSignedCertificate({ names: ["192.0.2.8"], today: TODAY, folder });
    const renewed = await selfSignedCertificate({ names: ["192.0.2.8"], today: later(392), folder });
    await writeFile(join(folder, "certificate.pem"), "-----BEGIN PRIVATE KEY-----\nx");
    const repaired = await selfSignedCertificate({ names: ["192.0.2.8"], today: later(392), folder });
    expect(new Set([first, moved, renewed, repaired].map(({ certificate }) => certificate)).size).toBe(4);
  });

  test("serves HTTPS, with a cookie that never travels without it", async () => {
    const folder = await temporaryFolder();
    const tls = await selfSignedCertificate({ names: NAMES, today: new Date(), folder });
    const { server, send } = await startTestServer({ tls });
    expect(server.links().at(-1)).toBe(`https://localhost:${server.port}/?token=${server.token}`);
    const page = await send({ path: `/?token=${server.token}`, secure: true });
    expect(page.headers["set-cookie"]).toEqual([
      `__Host-sightline-${server.port}=${server.token}; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ]);
    const socket = connect({ port: server.port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(server.certificateFingerprint);
    socket.destroy();
    await expect(send({ path: "/health", headers: BEARER })).rejects.toThrow(); // no HTTP on that port
  });

  test("of somebody else is taken with its key only", async () => {
    const folder = await temporaryFolder();
    const own = await selfSignedCertificate({ names: NAMES, today: new Date(), folder });
    const other = await selfSignedCertificate({ names: ["other.local"], today: new Date(), folder });
    const mixed = { certificate: own.certificate, key: other.key };
    await expect(startTestServer({ tls: mixed })).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(startTestServer({ tls: { certificate: "x", key: "y" } })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sightline-tls-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
