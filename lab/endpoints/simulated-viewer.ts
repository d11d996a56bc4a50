import {
  type Micros,
  type ReceivedFrame,
  type ReceiverEvent,
  type ReceiverInput,
  type ReceiverOutput,
  type ReceiverStatistics,
  RtpReceiver,
} from "sightline/core";
import type { VirtualTime } from "../virtual-time.js";
import { receiverOptions } from "./session-options.js";
import { SimulatedEndpoint } from "./simulated-endpoint.js";

/** A frame as the viewer got it. */
export interface Delivery {
  readonly at: Micros;
  readonly frame: ReceivedFrame;
}

/** An `RtpReceiver` and a record of what it tells. */
export class SimulatedViewer {
  readonly deliveries: Delivery[] = [];
  /** All events but the frames. */
  readonly events: { readonly at: Micros; readonly event: Exclude<ReceiverEvent, { kind: "frame" }> }[] = [];
  private readonly time: VirtualTime;
  /** For those who want to look inside. */
  readonly receiver: RtpReceiver;
  private readonly endpoint: SimulatedEndpoint<ReceiverInput, Exclude<ReceiverOutput, { kind: "timeout" }>>;

  constructor(
    time: VirtualTime,
    { seed, transmit }: { seed: number; transmit: (datagram: Uint8Array, remote: string) => void },
  ) {
    this.time = time;
    this.receiver = new RtpReceiver(receiverOptions({ seed }));
    this.endpoint = new SimulatedEndpoint(time, this.receiver, (output) => {
      if (output.kind === "transmit") transmit(output.datagram, output.remote);
      else if (output.event.kind === "frame") this.deliveries.push({ at: time.now, frame: output.event.frame });
      else this.events.push({ at: time.now, event: output.event });
    });
  }

  /** A datagram came. */
  receive(datagram: Uint8Array, remote: string): void {
    this.endpoint.input({ kind: "datagram", datagram, remote, arrival: this.time.now });
  }

  /** Nobody watches any more. */
  close(): void {
    this.endpoint.input({ kind: "close" });
  }

  /** What the `RtpReceiver` got so far. */
  stats(): ReceiverStatistics {
    return this.receiver.stats(this.time.now);
  }
}
