import { NackGenerator } from "../nack/index.js";
import type { RtcpPacket } from "../rtcp/index.js";
import { type RtpPacket, SequenceUnwrapper, sequenceNumber } from "../rtp/index.js";
import type { RoundTrip } from "../statistics/index.js";
import { ChunkAssembler, MessageKind, parseChunk } from "../stills/index.js";
import { earliest, elapsed, later, type Micros, micros, millis, NEVER, seconds } from "../time.js";
import { toRepairMessages } from "./repair-requests.js";
import { SequenceGate } from "./sequence-gate.js";

/** Before an answer time was measured. */
const ASSUMED_ROUND_TRIP = millis(50);
/** A packet that is missing for this long will not come: everything is asked for anew. */
const GIVE_UP_AFTER = seconds(1);
/** Everything is not asked for more often than this: sending it takes time. */
const LEAST_REFRESH_INTERVAL = seconds(2);

/** The still tiles that come beside a video: has lost packets sent again, and puts messages together. */
export class ReceivedStills {
  readonly ssrc: number;
  private readonly roundTrip: RoundTrip;
  private readonly nack = new NackGenerator();
  private readonly assembler = new ChunkAssembler();
  private gate = new SequenceGate();
  private unwrapper = new SequenceUnwrapper();
  private hasBegun = false;
  private isRefreshWanted = false;
  private refreshedAt: Micros = micros(Number.NEGATIVE_INFINITY);

  /**
   * @param ssrc - the stream
   * @param roundTrip - to the sender, as it becomes known
   */
  constructor(ssrc: number, roundTrip: RoundTrip) {
    this.ssrc = ssrc;
    this.roundTrip = roundTrip;
  }

  /** Takes a packet; a message or a whole object, if there is one now. */
  receive(now: Micros, packet: RtpPacket): Uint8Array | undefined {
    const { payload } = packet;
    const isFirst = !this.hasBegun;
    this.hasBegun = true;
    const admission = this.gate.admit(packet.sequenceNumber);
    if (admission === "hold") return undefined;
    if (admission === "restart") this.restart();
    const roundTrip = this.roundTrip.smoothed;
    this.nack.onPacket(now, this.unwrapper.unwrap(packet.sequenceNumber), { isRepair: false, roundTrip });
    if (payload[0] !== MessageKind.chunk) return payload.length > 0 ? payload : undefined;
    const chunk = parseChunk(payload);
    // What came before the first packet cannot be asked for by its number.
    if (isFirst && chunk !== undefined && chunk.offset > 0) this.requestRefresh();
    return chunk && this.assembler.add(chunk);
  }

  /** The viewer lost track: everything is to be sent anew. */
  requestRefresh(): void {
    this.isRefreshWanted = true;
  }

  /** What to ask the sender for at `now`. */
  poll(now: Micros, senderSsrc: number): RtcpPacket[] {
    const oldest = this.nack.oldestMissingSince();
    if (oldest !== undefined && elapsed(oldest, now) >= GIVE_UP_AFTER) {
      this.nack.giveUp(micros(now - GIVE_UP_AFTER));
      this.isRefreshWanted = true;
    }
    const answerTime = this.roundTrip.upper;
    const lost = this.nack.poll(now, {
      answerTime: answerTime ?? ASSUMED_ROUND_TRIP,
      isMeasured: answerTime !== undefined,
      isRepairExpected: () => false,
    });
    const keyframe = this.refreshDue() <= now;
    if (keyframe) {
      this.isRefreshWanted = false;
      this.refreshedAt = now;
    }
    return toRepairMessages({ lost: lost.map(sequenceNumber), keyframe }, { senderSsrc, mediaSsrc: this.ssrc });
  }

  /** When to poll. */
  nextTimeout(): Micros {
    const oldest = this.nack.oldestMissingSince();
    const patienceEnds = oldest === undefined ? NEVER : later(oldest, GIVE_UP_AFTER);
    return earliest(earliest(this.nack.nextTimeout(), patienceEnds), this.refreshDue());
  }

  private refreshDue(): Micros {
    return this.isRefreshWanted ? later(this.refreshedAt, LEAST_REFRESH_INTERVAL) : NEVER;
  }

  private restart(): void {
    this.gate = new SequenceGate();
    this.unwrapper = new SequenceUnwrapper();
    this.nack.reset();
    this.assembler.reset();
    this.isRefreshWanted = true;
  }
}
