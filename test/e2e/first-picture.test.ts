import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { isRtcp, parseRtcp, type RtcpPacket } from "../../src/core/index.js";
import { freePort } from "../support/free-port.js";
import { wordPage } from "../support/picture-files.js";
import { startSightline } from "../support/sightline.js";
import { requireProgram, startXDisplay } from "../support/x-display.js";
import { Painter } from "../support/x-screen.js";

const SIZE = { width: 320, height: 240 };

const isMissing = requireProgram("Xvfb").isMissing;

/** Passes datagrams on between a sharer that sends to `port` and a viewer, and notes what the viewer answers. */
async function openRelay(viewerPort: number) {
  const answers: RtcpPacket["kind"][] = [];
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  let sharerPort: number | undefined;
  socket.on("message", (data, { port }) => {
    if (port !== viewerPort) {
      sharerPort = port;
      socket.send(data, viewerPort, "127.0.0.1");
      return;
    }
    if (isRtcp(data)) answers.push(...(parseRtcp(data) ?? []).map(({ kind }) => kind));
    if (sharerPort !== undefined) socket.send(data, sharerPort, "127.0.0.1");
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: (socket.address() as AddressInfo).port, answers };
}

describe.skipIf(isMissing)("a viewer that comes late", () => {
  it("asks for a keyframe and gets the still screen by that", async () => {
    const screen = await startXDisplay(SIZE);
    onTestFinished(() => screen.kill());
    const painter = new Painter(screen.display, { title: "page", ...SIZE });
    onTestFinished(() => painter.close());
    painter.paint(wordPage(SIZE.width, SIZE.height).planes[0]!, { y: 0, height: SIZE.height });

    const viewerPort = await freePort();
    const relay = await openRelay(viewerPort);
    const share = startSightline("share", ["screen", "--to", `127.0.0.1:${relay.port}`], screen);
    await share.event("statistics", ({ captureFps, targets }) => captureFps === 0 && targets[0]!.packetsSent > 0);

    const watch = startSightline("watch", [`:${viewerPort}`, "--no-window", "--frames", "/dev/null"]);
    expect(await watch.event("first-picture")).toMatchObject(SIZE);
    expect(relay.answers).toContain("pli");
    await share.event("receiver-appeared");

    const asked = relay.answers.filter((kind) => kind === "pli").length;
    await watch.event("statistics", ({ roundTripMs }) => roundTripMs !== undefined);
    expect(relay.answers.filter((kind) => kind === "pli")).toHaveLength(asked);
  });
});
