import { findOnNetwork, ownLinks } from "../discovery/index.js";
import { isOwnAddress } from "./listening.js";

/** By then nearly every machine has answered. */
const DEFAULT_WAIT_MS = 1_000;

/** A share that was found. */
export interface FoundLink {
  /** The link; without its token if that is somebody else's secret. */
  readonly url: string;
  /** The machine's name. */
  readonly host: string;
  /** What is shared, where that is no secret. */
  readonly streams: readonly string[];
  /** What is needed besides `url`: nothing, six digits, or the whole link from whoever shares. */
  readonly needs: "nothing" | "pin" | "link";
  /** Shared by this user, on this machine. */
  readonly isOwn: boolean;
  /** The six digits, of a share of this user's own. */
  readonly pin?: string;
}

/**
 * Looks for shares: this user's own ones on this machine, and what others have announced on the local network.
 *
 * @param options - `waitMs`: how long to wait for the network's answers (default 1 s)
 */
export async function findShares({
  waitMs = DEFAULT_WAIT_MS,
}: {
  readonly waitMs?: number;
} = {}): Promise<FoundLink[]> {
  const own = ownLinks().map((link): FoundLink => ({ ...link, host: "this machine", needs: "nothing", isOwn: true }));
  const ownPorts = own.map(({ url }) => new URL(url).port);
  const others = (await findOnNetwork(waitMs)).filter(({ url }) => {
    const { hostname, port } = new URL(url);
    return !(ownPorts.includes(port) && isOwnAddress(hostname));
  });
  const needs = { open: "nothing", pin: "pin", token: "link" } as const;
  return [
    ...own,
    ...others.map(({ url, host, streams, access }) => ({ url, host, streams, needs: needs[access], isOwn: false })),
  ];
}
