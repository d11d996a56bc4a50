import { expect, test } from "vitest";
import { formatAddress, isMulticast, multicastInterface, parseAddress, parseHostPort, resolveHost } from "./address.js";

test.each([
  ["192.168.1.20:5004", "192.168.1.20", 5004],
  [":5004", "", 5004],
  ["robot.local:1", "robot.local", 1],
  ["[fe80::1%eth0]:65535", "fe80::1%eth0", 65_535],
])("reads %s", (text, host, port) => {
  expect(parseHostPort(text)).toEqual({ host, port });
});

test.each(["5004", "host", "host:", "host:0", "host:65536", "::1:5004", "a:b:1", "[::1]5004", ""])(
  "refuses '%s' with a line that shows how to write it",
  (text) => {
    expect(() => parseHostPort(text)).toThrowError(/HOST:PORT/);
  },
);

test("addresses survive being written and read", () => {
  for (const address of [
    { address: "10.0.0.1", family: 4, port: 9 },
    { address: "ff02::1%eth0", family: 6, port: 5004 },
  ] as const) {
    expect(parseAddress(formatAddress(address))).toEqual(address);
  }
});

test("multicast groups are told from hosts", () => {
  expect(["224.0.0.1", "239.255.0.1", "ff02::1", "FF3E::8000:1%eth0"].every(isMulticast)).toBe(true);
  expect(["223.255.255.255", "240.0.0.1", "10.0.0.1", "fe80::1"].some(isMulticast)).toBe(false);
});

test("literal addresses need no resolver", async () => {
  expect(await resolveHost({ host: "::1", port: 7 })).toEqual({ address: "::1", family: 6, port: 7 });
});

test("an unknown name is unreachable, in one line", async () => {
  await expect(resolveHost({ host: "no-such-host.invalid", port: 7 })).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(/^[^\n]*no-such-host\.invalid[^\n]*$/),
  });
});

test("an unknown interface names those that exist", () => {
  expect(() => multicastInterface("nope0", 4)).toThrowError(/127\.0\.0\.1/);
});
