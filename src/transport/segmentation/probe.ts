import { UdpSocket } from "../udp.js";

const DATAGRAMS = 3;
/** Within this machine they take microseconds. */
const TIMEOUT_MS = 500;

/** Whether batches leave in one system call here and arrive as what they were: tried within this machine. */
export async function probeSegmentation(): Promise<boolean> {
  const receiver = await UdpSocket.bind({ family: 4, address: "127.0.0.1" });
  const sender = await UdpSocket.bind({ family: 4 });
  try {
    const arrived = new Promise<boolean>((resolve) => {
      const sizes: number[] = [];
      receiver.listen({
        datagram: ({ length }) => {
          if (sizes.push(length) === DATAGRAMS) resolve(sizes.every((size) => size === 1));
        },
        failure: () => resolve(false),
      });
      setTimeout(() => resolve(false), TIMEOUT_MS).unref();
    });
    for (let i = 0; i < DATAGRAMS; i++) sender.queue(Uint8Array.of(i), receiver.address);
    sender.flush();
    return (await arrived) && sender.segmentation === "works";
  } finally {
    await Promise.all([receiver.close(), sender.close()]);
  }
}
