import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { CHROMIUM_OFFER } from "../../../test/support/webrtc-offers.js";
import { parseWebRtcDescription } from "../../core/index.js";
import { UdpMux, WebRtcReceiver, WebRtcSender } from "./index.js";

const MEDIA = [
  { codec: "h264", chroma: "444" },
  { codec: "h264", chroma: "420" },
] as const;
const CNAME = "test";

const open: { close(): unknown }[] = [];

function keep<T extends { close(): unknown }>(each: T): T {
  open.unshift(each);
  return each;
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A connection's datagrams and states, in order. */
class Log {
  readonly datagrams: Uint8Array[] = [];
  readonly connected: Promise<void>;
  readonly closed: Promise<void>;
  private waiting: (() => void) | undefined;

  constructor(peer: WebRtcSender | WebRtcReceiver) {
    let onConnected = () => {};
    let onClosed = () => {};
    this.connected = new Promise((resolve) => {
      onConnected = resolve;
    });
    this.closed = new Promise((resolve) => {
      onClosed = resolve;
    });
    const datagram = (data: Uint8Array) => {
      this.datagrams.push(data);
      this.waiting?.();
    };
    peer.listen({ datagram, connected: onConnected, closed: onClosed });
  }

  async count(datagrams: number): Promise<void> {
    while (this.datagrams.length < datagrams) {
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
  }
}

async function connect(mux?: UdpMux) {
  const viewer = keep(await WebRtcReceiver.offer());
  const viewerLog = new Log(viewer);
  const options = { media: MEDIA, cname: CNAME, ...(mux !== undefined && { port: mux }) };
  const sender = keep(await WebRtcSender.answer(viewer.offerSdp, options));
  const senderLog = new Log(sender);
  await viewer.accept(sender.answerSdp);
  await Promise.all([viewerLog.connected, senderLog.connected]);
  return { viewer, viewerLog, sender, senderLog };
}

function rtp(ssrc: number, sequence: number, size: number): Uint8Array {
  const packet = Buffer.alloc(size);
  packet.set([0x80, 96]);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(ssrc, 8);
  return new Uint8Array(packet);
}

test("datagrams cross both ways, for several viewers on one port", { timeout: 30_000 }, async () => {
  const mux = keep(await UdpMux.open());
  const viewers = await Promise.all([connect(mux), connect(mux), connect(mux)]);
  for (const { viewer, viewerLog, sender, senderLog } of viewers) {
    expect(viewer.remoteAddress).toMatch(new RegExp(`:${mux.port}$`));
    expect(sender.media).toMatchObject({ chroma: "444", fec: { scheme: "reed-solomon" } });
    expect([...viewer.media!.payloadTypes.keys()]).toContain(sender.media.payloadType);
    for (let i = 0; i < 20; i++) sender.send(rtp(sender.media.ssrc, i, 1_200));
    await viewerLog.count(20);
    expect(viewerLog.datagrams.map((datagram) => datagram.length)).toEqual(Array(20).fill(1_200));
    expect(new Uint8Array(viewerLog.datagrams[19]!)).toEqual(rtp(sender.media.ssrc, 19, 1_200));
    const report = Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 9);
    viewer.send(report);
    await senderLog.count(1);
    expect(new Uint8Array(senderLog.datagrams[0]!)).toEqual(report);
  }
});

test("messages cross on each data channel", { timeout: 30_000 }, async () => {
  const { viewer, sender } = await connect();
  for (const name of ["masks", "tiles", "pointer"] as const) {
    const [here, there] = [sender.channels[name]!, viewer.channels[name]!];
    await new Promise<void>((resolve) => here.onOpen(resolve));
    const arrived = new Promise<Uint8Array>((resolve) => there.onMessage(resolve));
    expect(here.send(Uint8Array.of(1, 2, 3))).toBe(true);
    expect([...(await arrived)]).toEqual([1, 2, 3]);
    expect(here.send(new Uint8Array(262_145))).toBe(false);
  }
});

test("a full channel tells when it has drained", { timeout: 30_000 }, async () => {
  const { viewer, sender } = await connect();
  const tiles = sender.channels.tiles!;
  await new Promise<void>((resolve) => tiles.onOpen(resolve));
  let arrived = 0;
  viewer.channels.tiles!.onMessage((message) => {
    arrived += message.length;
  });
  for (let i = 0; i < 40; i++) tiles.send(new Uint8Array(100_000));
  expect(tiles.bufferedBytes).toBeGreaterThan(64 * 1_024);
  while (tiles.bufferedBytes > 64 * 1_024) await new Promise<void>((resolve) => tiles.onDrain(resolve));
  expect(arrived).toBeGreaterThan(0);
});

test.each(["viewer", "sender"] as const)("when the %s leaves, both are told", { timeout: 30_000 }, async (leaving) => {
  const connection = await connect();
  await connection[leaving].close();
  await Promise.all([connection.viewerLog.closed, connection.senderLog.closed]);
  connection.sender.send(rtp(1, 1, 100));
  connection.viewer.send(rtp(1, 1, 100));
  expect(connection.sender.channels.tiles!.send(Uint8Array.of(1))).toBe(false);
});

test("a viewer without data channels, and one whose offer has none but hidden addresses, are answered", async () => {
  const videoOnly = CHROMIUM_OFFER.slice(0, CHROMIUM_OFFER.indexOf("m=application")).replace("BUNDLE 0 1", "BUNDLE 0");
  const sender = keep(await WebRtcSender.answer(videoOnly, { media: MEDIA, cname: CNAME }));
  expect(sender.channels).toEqual({});
  const { sections } = parseWebRtcDescription(sender.answerSdp);
  expect(sections[0]!.candidates.length).toBeGreaterThan(0);
  sender.addCandidates(
    "a=candidate:1 1 udp 1 192.0.2.9 9 typ host\r\na=candidate:2 1 udp 1 x.local 9 typ host\r\n".repeat(50),
  );
});

test("an offer that cannot be answered leaves nothing open", async () => {
  const refused = WebRtcSender.answer("v=0\r\nm=audio 9 x 1\r\n", { media: MEDIA, cname: CNAME });
  await expect(refused).rejects.toMatchObject({ code: "invalid-data" });
  const viewer = keep(await WebRtcReceiver.offer());
  await expect(viewer.accept("nonsense")).rejects.toMatchObject({ code: "invalid-data" });
  const unsure = CHROMIUM_OFFER.replace("recvonly", "sendonly");
  await expect(viewer.accept(unsure)).rejects.toMatchObject({ code: "invalid-data" });
});

test.each(["192.0.2.99", "nonsense"])("an address that is not ours, %s, is refused", async (bindAddress) => {
  await expect(WebRtcReceiver.offer({ bindAddress })).rejects.toMatchObject({ code: "unreachable" });
  const answered = WebRtcSender.answer(CHROMIUM_OFFER, { media: MEDIA, cname: CNAME, bindAddress });
  await expect(answered).rejects.toMatchObject({ code: "unreachable" });
});

test("a port that another program has is said to be in use", async () => {
  const socket = createSocket("udp6").bind(0);
  await once(socket, "listening");
  await expect(UdpMux.open(socket.address().port)).rejects.toMatchObject({ code: "in-use" });
  socket.close();
});
