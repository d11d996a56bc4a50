import { afterEach, expect, test } from "vitest";
import { formatAddress } from "./address.js";
import { checkRoute } from "./route.js";
import { probeSegmentation } from "./segmentation/probe.js";
import { UdpSocket } from "./udp.js";
import type { UdpSocketOptions } from "./udp-binding.js";

const open: UdpSocket[] = [];

async function bind(options: UdpSocketOptions): Promise<UdpSocket> {
  const socket = await UdpSocket.bind(options);
  open.push(socket);
  return socket;
}

function nextDatagram(socket: UdpSocket): Promise<{ data: Uint8Array; remote: string }> {
  return new Promise((resolve, reject) => {
    socket.listen({ datagram: (data, remote) => resolve({ data, remote }), failure: reject });
  });
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((socket) => socket.close()));
});

test.each([
  [4, "127.0.0.1"],
  [6, "::1"],
] as const)("a datagram crosses IPv%i and its answer finds back", async (family, address) => {
  const receiver = await bind({ family, address });
  const sender = await bind({ family });
  const arrived = nextDatagram(receiver);
  const answered = nextDatagram(sender);
  sender.send(Uint8Array.of(1, 2, 3), formatAddress({ address, port: receiver.port }));
  const { data, remote } = await arrived;
  expect([...data]).toEqual([1, 2, 3]);
  receiver.send(Uint8Array.of(4), remote);
  expect([...(await answered).data]).toEqual([4]);
});

test("an IPv6 socket without address talks to IPv4 and calls it by its name", async () => {
  const receiver = await bind({ family: 6 });
  const sender = await bind({ family: 4, address: "127.0.0.1" });
  const arrived = nextDatagram(receiver);
  const answered = nextDatagram(sender);
  sender.send(Uint8Array.of(1), formatAddress({ address: "127.0.0.1", port: receiver.port }));
  const { remote } = await arrived;
  expect(remote).toBe(`127.0.0.1:${sender.port}`);
  receiver.send(Uint8Array.of(2), remote);
  expect([...(await answered).data]).toEqual([2]);
});

/** The next `count` datagrams. */
function datagrams(socket: UdpSocket, count: number): Promise<number[][]> {
  const came: number[][] = [];
  return new Promise((resolve, reject) => {
    socket.listen({
      datagram: (data) => {
        came.push([...data]);
        if (came.length === count) resolve(came);
      },
      failure: reject,
    });
  });
}

test.each([
  { name: "IPv4", family: 4, address: "127.0.0.1" },
  { name: "IPv6", family: 6, address: "::1" },
  { name: "IPv4 by an IPv6 socket", family: 6, address: "127.0.0.1" },
] as const)("what is queued arrives whole and in order: $name", async ({ family, address }) => {
  const receiver = await bind({ family: address === "::1" ? 6 : 4, address });
  const sender = await bind({ family });
  const remote = formatAddress({ address, port: receiver.port });
  const sizes = [50, 50, 50, 20, 20, 60, ...Array.from({ length: 100 }, () => 60)];
  const sent = sizes.map((size, i) => Array.from({ length: size }, (_, at) => (i + at) % 256));
  const arrived = datagrams(receiver, sent.length);
  for (const each of sent.slice(0, -1)) sender.queue(Uint8Array.from(each), remote);
  sender.send(Uint8Array.from(sent.at(-1)!), remote);
  expect(await arrived).toEqual(sent);
  expect(sender.segmentation).toBe((await probeSegmentation()) ? "works" : "unsupported");
});

test("a batch that the system refuses goes out datagram by datagram, and the next ones too", async () => {
  const sender = await bind({ family: 4 });
  const receiver = await bind({ family: 4, address: "127.0.0.1" });
  // No interface has a way to broadcast unasked, in batches or not.
  const failed = new Promise((resolve) => sender.listen({ datagram: () => {}, failure: resolve }));
  for (let i = 0; i < 3; i++) sender.queue(Uint8Array.of(i), "255.255.255.255:9");
  sender.flush();
  expect(await failed).toMatchObject({ code: "unreachable" });
  const arrived = datagrams(receiver, 2);
  for (let i = 0; i < 2; i++)
    sender.queue(Uint8Array.of(i), formatAddress({ address: "127.0.0.1", port: receiver.port }));
  await sender.close();
  expect(await arrived).toEqual([[0], [1]]);
});

test("two receivers of one multicast group both get a datagram", async () => {
  const group = { family: 4, address: "239.255.77.1", interface: "127.0.0.1" } as const;
  const first = await bind(group);
  const second = await bind({ ...group, port: first.port });
  const arrived = Promise.all([nextDatagram(first), nextDatagram(second)]);
  const sender = await bind({ family: 4, interface: "127.0.0.1", multicastTtl: 0 });
  sender.send(Uint8Array.of(9), formatAddress({ address: group.address, port: first.port }));
  expect((await arrived).map(({ data }) => [...data])).toEqual([[9], [9]]);
});

test("a port in use is said in one line", async () => {
  const first = await bind({ family: 4, address: "127.0.0.1" });
  await expect(UdpSocket.bind({ family: 4, address: "127.0.0.1", port: first.port })).rejects.toMatchObject({
    code: "in-use",
    message: expect.stringContaining(String(first.port)),
  });
});

test("a foreign address cannot be bound", async () => {
  await expect(UdpSocket.bind({ family: 4, address: "192.0.2.1" })).rejects.toMatchObject({ code: "unreachable" });
});

test("what the kernel refuses is reported, and the socket goes on", async () => {
  const socket = await bind({ family: 4 });
  const failure = new Promise((resolve) => socket.listen({ datagram: () => {}, failure: resolve }));
  socket.send(new Uint8Array(70_000), "127.0.0.1:9");
  expect(await failure).toMatchObject({ code: "unreachable" });
  const receiver = await bind({ family: 4, address: "127.0.0.1" });
  const arrived = nextDatagram(receiver);
  socket.send(Uint8Array.of(5), formatAddress({ address: "127.0.0.1", port: receiver.port }));
  expect([...(await arrived).data]).toEqual([5]);
});

test("a way that the system does not have, or not allow, is found out before anything is sent", async () => {
  await checkRoute({ family: 4, address: "127.0.0.1", port: 9 });
  // Broadcast is for those who ask for it.
  const broadcast = checkRoute({ family: 4, address: "255.255.255.255", port: 9 });
  await expect(broadcast).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(/no way to 255/),
  });
});
