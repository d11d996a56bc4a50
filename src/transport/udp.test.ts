import { afterEach, expect, test } from "vitest";
import { formatAddress } from "./address.js";
import { checkRoute, UdpSocket, type UdpSocketOptions } from "./udp.js";

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
