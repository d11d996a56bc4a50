import { createSocket } from "node:dgram";
import { IceUdpMuxListener } from "node-datachannel";
import { SightlineError } from "../../core/index.js";

/** One UDP port that all connections share, so that one line in a firewall lets every viewer in. */
export class UdpMux {
  /** The port. */
  readonly port: number;
  private readonly listener: IceUdpMuxListener;

  private constructor(port: number) {
    this.port = port;
    this.listener = new IceUdpMuxListener(port);
    // Checks for connections that have gone arrive for a while.
    this.listener.onUnhandledStunRequest(() => {});
  }

  /**
   * Opens a port and keeps it until {@link close}, even while nobody is connected.
   *
   * @param port - default: any free one
   * @throws SightlineError `in-use`: another program has it
   */
  static async open(port = 0): Promise<UdpMux> {
    const found = await findPort(port);
    try {
      return new UdpMux(found);
    } catch (cause) {
      throw inUse(found, cause);
    }
  }

  /** Lets go of the port once the last connection on it has closed. */
  close(): void {
    this.listener.stop();
  }
}

/** Binds for a moment, because the library does not say why it could not. */
function findPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp6");
    socket.once("error", (cause) => {
      socket.close();
      reject(inUse(port, cause));
    });
    socket.bind(port, () => {
      const found = socket.address().port;
      socket.close(() => resolve(found));
    });
  });
}

function inUse(port: number, cause: unknown): SightlineError {
  return new SightlineError("in-use", `UDP port ${port} is in use, or not allowed: choose another one.`, { cause });
}
