import wrtc from "@roamhq/wrtc";
import { expect, onTestFinished, test } from "vitest";
import { parseRtpPacket, SeededRng } from "../../src/core/index.js";
import { WebRtcReceiver, WebRtcSender } from "../../src/transport/index.js";
import { HostileText } from "../fuzz/hostile-text.js";
import { eventually } from "../support/eventually.js";
import { PaintedVideo } from "../support/painted-video.js";

/*
 * libwebrtc as a peer of its own, outside a browser. This build of it has no H.264: where it plays a part it is told VP8, and
 * we are told H.264; what the payload is makes no difference to ICE, DTLS, SRTP and SCTP.
 */

const H264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
const MEDIA = [{ codec: "h264", chroma: "420" }] as const;
const PACKETS = 50;

/** Its VP8 as H.264. */
function asH264(sdp: string): string {
  const payloadType = /^a=rtpmap:(\d+) VP8/m.exec(sdp)![1];
  return sdp.replace(
    /^a=rtpmap:\d+ VP8.*\r\n/m,
    (line) => `${line.replace("VP8", "H264")}a=fmtp:${payloadType} ${H264}\r\n`,
  );
}

/** Our H.264 as VP8. */
function asVp8(sdp: string): string {
  return sdp.replace(/ H264\/90000/g, " VP8/90000").replace(/^a=fmtp:\d+ level-asymmetry.*\r\n/gm, "");
}

async function offerOf(connection: InstanceType<typeof wrtc.RTCPeerConnection>): Promise<string> {
  onTestFinished(() => connection.close());
  connection.addTransceiver("video", { direction: "recvonly" });
  const offer = await connection.createOffer();
  await connection.setLocalDescription(offer);
  return offer.sdp ?? "";
}

test("libwebrtc as a viewer connects, receives every packet and exchanges messages", async () => {
  const viewer = new wrtc.RTCPeerConnection();
  const pointer = viewer.createDataChannel("sightline.pointer", {
    negotiated: true,
    id: 3,
    ordered: false,
    maxRetransmits: 0,
  });
  const echoed = new Promise<ArrayBuffer>((resolve) => {
    pointer.onmessage = ({ data }: { data: ArrayBuffer }) => resolve(data);
  });
  const sender = await WebRtcSender.answer(asH264(await offerOf(viewer)), { media: MEDIA, cname: "test" });
  onTestFinished(() => sender.close());
  const connected = new Promise<void>((resolve) => sender.listen({ datagram: () => {}, connected: resolve }));
  await viewer.setRemoteDescription({ type: "answer", sdp: asVp8(sender.answerSdp) });
  await connected;

  for (let i = 0; i < PACKETS; i++) sender.send(vp8Packet(sender.media, i));
  await eventually({
    look: async () =>
      [...(await viewer.getStats()).values()].find(({ type }) => type === "inbound-rtp")?.packetsReceived,
    until: (received) => received === PACKETS,
  });
  await new Promise<void>((resolve) => sender.channels.pointer!.onOpen(resolve));
  sender.channels.pointer!.send(Uint8Array.of(7, 8));
  expect([...new Uint8Array(await echoed)]).toEqual([7, 8]);
});

test("libwebrtc as a server is watched without its having been told an address", async () => {
  const painted = new PaintedVideo({ width: 320, height: 240, y: 120, u: 90, v: 200 });
  onTestFinished(() => painted.close());
  const viewer = await WebRtcReceiver.offer({ chroma: ["420"] });
  onTestFinished(() => viewer.close());
  const payloadTypes = new Set<number>();
  const enough = new Promise<void>((resolve) => {
    let packets = 0;
    viewer.listen({
      datagram: (datagram) => {
        const packet = parseRtpPacket(datagram);
        if (packet === undefined) return;
        payloadTypes.add(packet.payloadType);
        packets += 1;
        if (packets === PACKETS) resolve();
      },
    });
  });
  await viewer.accept(asH264(await painted.answer(asVp8(viewer.offerSdp))));
  await enough;
  for (const payloadType of payloadTypes) {
    const isMedia = payloadType < 64 || payloadType > 95; // the others are RTCP
    if (isMedia) expect(viewer.media!.payloadTypes.get(payloadType)).toBeDefined();
  }
  expect(viewer.channels.tiles).toBeDefined();
});

test("an answer to a damaged offer is one that libwebrtc can read", { timeout: 60_000 }, async () => {
  const offers = new HostileText(new SeededRng(3), [asH264(await offerOf(new wrtc.RTCPeerConnection()))]);
  let answered = 0;
  for (let i = 0; i < 40; i++) {
    const offer = offers.next();
    const sender = await WebRtcSender.answer(offer, { media: MEDIA, cname: "test" }).catch(() => undefined);
    if (sender === undefined) continue;
    answered += 1;
    const viewer = new wrtc.RTCPeerConnection();
    await offerOf(viewer);
    // Only the form counts: this is not the offer that was answered.
    const problem = await viewer.setRemoteDescription({ type: "answer", sdp: asVp8(sender.answerSdp) }).catch(String);
    expect(problem ?? "").not.toMatch(/parse|Invalid SDP|SdpParse/i);
    await sender.close();
  }
  expect(answered).toBeGreaterThan(5);
});

/** One packet of a picture in VP8: only its header can be read, so that nothing is decoded of it. */
function vp8Packet({ ssrc, payloadType }: WebRtcSender["media"], sequence: number): Uint8Array {
  const packet = Buffer.alloc(200);
  packet.set([0x80, payloadType]);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(sequence * 3_000, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}
