import { createSocket } from "node:dgram";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";

/** Bridges, tunnels and virtual machines: others on the network seldom get through. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vbox|vmnet|lxc|lxd|podman|cni|flannel|utun|tun|tap|wg|tailscale|zt|vethernet|bridge)/i;
/** For documentation only (RFC 5737): nothing is sent there, the system is only asked which way it would go. */
const ANYWHERE = { address: "192.0.2.1", port: 9 };

/** An address of this machine. */
export interface MachineAddress {
  readonly address: string;
  readonly family: "IPv4" | "IPv6";
  /** The interface's name. */
  readonly name: string;
  /** Only this machine itself reaches it. */
  readonly isLoopback: boolean;
}

/**
 * The addresses under which this machine is reached, the one most likely to be reached by others first, its own loopback last.
 * Link-local IPv6 addresses are left out: they need a zone, which URLs cannot name (RFC 9844).
 *
 * @param preferred - the address of the default route, see {@link defaultRouteAddress}
 * @param interfaces - as `os.networkInterfaces()` tells them
 */
export function machineAddresses(
  preferred?: string,
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): MachineAddress[] {
  return Object.entries(interfaces)
    .flatMap(([name, infos = []]) => infos.map((info) => ({ name, info })))
    .filter(({ info }) => info.family === "IPv4" || !/^fe80/i.test(info.address))
    .map(({ name, info }) => ({ address: info.address, family: info.family, name, isLoopback: info.internal }))
    .map((address, index) => ({ address, index, rank: rankOf(address, preferred) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ address }) => address);
}

/** The address from which this machine would reach the rest of the world; none without a default route. */
export function defaultRouteAddress(): Promise<string | undefined> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    const finish = (address: string | undefined) => {
      socket.close();
      resolve(address);
    };
    socket.once("error", () => finish(undefined));
    socket.connect(ANYWHERE.port, ANYWHERE.address, () => finish(socket.address().address));
  });
}

function rankOf({ address, family, name, isLoopback }: MachineAddress, preferred: string | undefined): number {
  if (isLoopback) return 5;
  if (address === preferred) return 0;
  if (VIRTUAL.test(name)) return 4;
  if (family === "IPv6") return 3;
  return /^169\.254\./.test(address) ? 2 : 1;
}
