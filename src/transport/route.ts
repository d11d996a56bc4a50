import { createSocket } from "node:dgram";
import { SightlineError } from "../core/index.js";
import { formatAddress, type UdpAddress } from "./address.js";

/**
 * Asks the system whether it knows a way to an address, without sending anything.
 *
 * @throws SightlineError `unreachable` if it does not
 */
export async function checkRoute(remote: UdpAddress): Promise<void> {
  const socket = createSocket(remote.family === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      // A callback would get the error as its argument, instead of the event.
      socket.once("error", reject);
      socket.once("connect", resolve);
      socket.connect(remote.port, remote.address);
    });
  } catch (cause) {
    throw new SightlineError(
      "unreachable",
      `there is no way to ${formatAddress(remote)} from here (${(cause as NodeJS.ErrnoException).code}): check the address and the network`,
      { cause },
    );
  } finally {
    socket.close();
  }
}
