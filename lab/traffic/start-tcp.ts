import type { VirtualTime } from "../virtual-time.js";
import { BbrFlow } from "./bbr-flow.js";
import { TcpFlow, type TcpPath, type TcpTraffic } from "./tcp-flow.js";

/** Starts a download under any of the congestion controls that TCP commonly has. */
export function startTcp(
  time: VirtualTime,
  { kind, ...path }: TcpPath & { readonly kind: TcpTraffic["variant"] },
): TcpFlow | BbrFlow {
  return kind === "bbr" ? new BbrFlow(time, path) : new TcpFlow(time, { ...path, kind });
}
