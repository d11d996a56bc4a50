import { findParameterSets, joinAnnexB, type ParameterSets, type ReceiverCapabilities } from "../core/index.js";
import { type UdpSocket, UNPROTECTED } from "../transport/index.js";
import { EncryptionGuard } from "./encryption-guard.js";
import { bindListening, isFrom } from "./listening.js";
import { RtpReception } from "./rtp-reception.js";
import type { RtpSession } from "./rtp-session.js";
import type { InputHandlers, InputStatistics, StreamInput } from "./stream-input.js";
import type { ViewerFrame } from "./viewer/viewer-process.js";

/** Receives a stream as RTP over UDP, from whoever sends it to a port. */
export class RtpInput implements StreamInput {
  readonly address: string;
  readonly warning: string | undefined;
  private readonly socket: UdpSocket;
  private readonly reception: RtpReception;

  private constructor(
    socket: UdpSocket,
    session: RtpSession,
    capabilities: ReceiverCapabilities,
    handlers: InputHandlers,
  ) {
    this.socket = socket;
    this.address = socket.address;
    this.warning = socket.receiveBufferWarning;
    const { onlyFrom, payloadTypes, extensions, parameterSets, protection } = session;
    let isRefused = false;
    const guard = new EncryptionGuard(protection, (refused, reason) => {
      isRefused = true;
      handlers.event({ kind: "stream-refused", remote: refused, reason });
    });
    this.reception = new RtpReception({
      payloadTypes,
      extensions,
      followsSender: protection !== undefined,
      hasParameterSets: parameterSets !== undefined,
      capabilities,
      transmit: (datagram, remote) => {
        const sealed = (protection ?? UNPROTECTED).protect(datagram, remote);
        if (sealed !== undefined) socket.send(sealed, remote);
      },
      handlers: {
        frame: (frame) => handlers.frame(completed(frame, parameterSets)),
        still: (message) => handlers.still(message),
        stillsReset: () => handlers.stillsReset(),
        event: (event) => {
          if (event.kind === "stream-started" || event.kind === "stream-resumed") isRefused = false;
          // It is not the sender that fell silent.
          if (event.kind !== "stream-silent" || !isRefused) handlers.event(event);
        },
      },
    });
    socket.listen({
      datagram: (datagram, remote) => {
        // Who has the key may come from anywhere.
        if (onlyFrom !== undefined && protection === undefined && !isFrom(remote, onlyFrom)) return;
        const admitted = guard.admit(datagram, remote);
        if (admitted !== undefined) this.reception.receive(admitted, remote);
      },
      failure: ({ message }) => handlers.event({ kind: "warning", message }),
    });
  }

  /**
   * Opens the socket.
   *
   * @param capabilities - what the sender is told that it may send
   * @throws SightlineError `in-use` or `unreachable` if it cannot be bound
   */
  static async open(
    session: RtpSession,
    capabilities: ReceiverCapabilities,
    handlers: InputHandlers,
  ): Promise<RtpInput> {
    return new RtpInput(await bindListening(session), session, capabilities, handlers);
  }

  /** {@inheritDoc StreamInput.requestKeyframe} */
  requestKeyframe(): void {
    this.reception.requestKeyframe();
  }

  /** {@inheritDoc StreamInput.requestStills} */
  requestStills(): void {
    this.reception.requestStills();
  }

  /** {@inheritDoc StreamInput.statistics} */
  statistics(): InputStatistics {
    return this.reception.statistics();
  }

  /** {@inheritDoc StreamInput.close} */
  async close(): Promise<void> {
    this.reception.close();
    await this.socket.close();
  }
}

/** A keyframe without parameter sets gets those of the session description. */
function completed(frame: ViewerFrame, parameterSets: ParameterSets | undefined): ViewerFrame {
  if (!parameterSets || !frame.keyframe || findParameterSets(frame.data)) return frame;
  const sets = joinAnnexB([...parameterSets.sequence, ...parameterSets.picture]);
  const data = new Uint8Array(sets.length + frame.data.length);
  data.set(sets);
  data.set(frame.data, sets.length);
  return { ...frame, data };
}
