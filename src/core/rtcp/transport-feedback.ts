import { SightlineError } from "../errors.js";
import { readInt16, readUint16, readUint24, readUint32, writeUint16, writeUint24 } from "../rtp/byte-order.js";
import { type SequenceNumber, sequenceDelta, sequenceNumber } from "../rtp/sequence-number.js";
import { type Micros, micros } from "../time.js";
import {
  createFeedback,
  FEEDBACK_STREAMS_SIZE,
  type FeedbackStreams,
  PacketType,
  RTCP_HEADER_SIZE,
  TransportLayerFormat,
} from "./header.js";
import { encodeStatusChunks, PacketStatus, parseStatusChunks, writeStatusChunks } from "./packet-status.js";

/**
 * When each packet arrived, by transport-wide sequence number, as congestion control needs it
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 */
export interface TransportFeedback extends FeedbackStreams {
  readonly kind: "transport-feedback";
  /** The first packet that this message tells about. */
  readonly baseSequenceNumber: SequenceNumber;
  /** 0 … 255, one more for each message, so that lost feedback is seen. */
  readonly feedbackCount: number;
  /**
   * What arrivals count from, in the receiver's clock. On the wire in steps of 64 ms modulo 2²⁴ of them (12.4 days): a
   * parsed message has it within that range, and so its arrivals; written, any time will do and is rounded down.
   */
  readonly referenceTime: Micros;
  /**
   * The packets in order, from `baseSequenceNumber` on. A parsed message has all of them; written, those left out count as
   * lost.
   */
  readonly packets: readonly PacketArrival[];
}

/** What became of one packet. */
export interface PacketArrival {
  readonly sequenceNumber: SequenceNumber;
  /** When it arrived, to 250 µs; undefined: it has not. */
  readonly arrival: Micros | undefined;
}

/** The step of the reference time. */
const REFERENCE_STEP_US = 64_000;
/** The step of arrivals. */
const DELTA_STEP_US = 250;
/** The base sequence number, status count, reference time and feedback count. */
const FIXED_SIZE = 8;
/** A tenth of a second at 200 Mb/s. What claims to tell of more is forged, and would cost more to read than to send. */
const MAX_STATUS_COUNT = 2_048;

/**
 * Reads the body of a transport-wide feedback message.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      base sequence number     |      packet status count      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 reference time                | fb pkt. count |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          packet chunk ...     |          packet chunk         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  recv delta ...                            zero padding       |
 * ```
 */
export function parseTransportFeedback(body: Uint8Array): TransportFeedback | undefined {
  const fixedOffset = FEEDBACK_STREAMS_SIZE;
  if (body.length < fixedOffset + FIXED_SIZE) return undefined;
  const baseSequenceNumber = sequenceNumber(readUint16(body, fixedOffset));
  const statusCount = readUint16(body, fixedOffset + 2);
  if (statusCount > MAX_STATUS_COUNT) return undefined;
  const referenceTime = micros(readUint24(body, fixedOffset + 4) * REFERENCE_STEP_US);

  const chunks = parseStatusChunks(body, fixedOffset + FIXED_SIZE, statusCount);
  if (chunks === undefined) return undefined;
  const packets: PacketArrival[] = [];
  let at = chunks.end;
  let arrival: number = referenceTime;
  for (let i = 0; i < statusCount; i++) {
    const status = chunks.statuses[i]!;
    const deltaSize: number = status; // none, one byte or two
    if (at + deltaSize > body.length) return undefined;
    if (status === PacketStatus.smallDelta) arrival += body[at]! * DELTA_STEP_US;
    else if (status === PacketStatus.largeDelta) arrival += readInt16(body, at) * DELTA_STEP_US;
    at += deltaSize;
    packets.push({
      sequenceNumber: sequenceNumber(baseSequenceNumber + i),
      arrival: status === PacketStatus.notReceived ? undefined : micros(arrival),
    });
  }
  return {
    kind: "transport-feedback",
    senderSsrc: readUint32(body, 0),
    mediaSsrc: readUint32(body, 4),
    baseSequenceNumber,
    feedbackCount: body[fixedOffset + 7]!,
    referenceTime,
    packets,
  };
}

/**
 * The whole transport-wide feedback packet; layout at {@link parseTransportFeedback}. Arrivals are rounded to 250 µs
 * without the error adding up. A packet more than 8.19 s from the one before is brought that near, and the next ones catch up.
 *
 * @throws SightlineError `invalid-argument`: the packets are not in ascending order from the base sequence number.
 */
export function serializeTransportFeedback(feedback: TransportFeedback): Uint8Array {
  const referenceSteps = Math.floor(feedback.referenceTime / REFERENCE_STEP_US);
  const { statuses, deltas } = encodeArrivals(feedback, referenceSteps * REFERENCE_STEP_US);
  const chunks = encodeStatusChunks(statuses);
  const deltasSize = deltas.reduce((size, delta) => size + (fitsSmallDelta(delta) ? 1 : 2), 0);
  const packet = createFeedback({
    packetType: PacketType.transportLayerFeedback,
    format: TransportLayerFormat.transportFeedback,
    senderSsrc: feedback.senderSsrc,
    mediaSsrc: feedback.mediaSsrc,
    controlInformationSize: (FIXED_SIZE + 2 * chunks.length + deltasSize + 3) & ~3,
  });

  const fixedOffset = RTCP_HEADER_SIZE + FEEDBACK_STREAMS_SIZE;
  writeUint16(packet, fixedOffset, feedback.baseSequenceNumber);
  writeUint16(packet, fixedOffset + 2, statuses.length);
  writeUint24(packet, fixedOffset + 4, referenceSteps);
  packet[fixedOffset + 7] = feedback.feedbackCount;
  let at = writeStatusChunks(packet, fixedOffset + FIXED_SIZE, chunks);
  for (const delta of deltas) {
    if (fitsSmallDelta(delta)) {
      packet[at] = delta;
      at += 1;
    } else {
      writeUint16(packet, at, delta);
      at += 2;
    }
  }
  return packet;
}

/** The status of each packet, and for each that arrived the steps of 250 µs since the one before. */
interface EncodedArrivals {
  readonly statuses: Uint8Array;
  readonly deltas: readonly number[];
}

function encodeArrivals({ baseSequenceNumber, packets }: TransportFeedback, referenceUs: number): EncodedArrivals {
  const last = packets.at(-1);
  const statusCount = last === undefined ? 0 : sequenceDelta(baseSequenceNumber, last.sequenceNumber) + 1;
  const statuses = new Uint8Array(Math.max(statusCount, 0));
  const deltas: number[] = [];
  let nextIndex = 0;
  let previousStep = 0;
  for (const { sequenceNumber: sequence, arrival } of packets) {
    const index = sequenceDelta(baseSequenceNumber, sequence);
    if (index < nextIndex) {
      throw new SightlineError("invalid-argument", `Packet ${sequence} is out of order in transport feedback.`);
    }
    nextIndex = index + 1;
    if (arrival === undefined) continue;
    const step = Math.round((arrival - referenceUs) / DELTA_STEP_US);
    const delta = Math.min(Math.max(step - previousStep, -0x8000), 0x7fff);
    previousStep += delta;
    statuses[index] = fitsSmallDelta(delta) ? PacketStatus.smallDelta : PacketStatus.largeDelta;
    deltas.push(delta);
  }
  return { statuses, deltas };
}

function fitsSmallDelta(delta: number): boolean {
  return delta >= 0 && delta <= 0xff;
}
