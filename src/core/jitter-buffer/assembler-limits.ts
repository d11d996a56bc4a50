/** Bounds of what a `FrameAssembler` stores, whatever arrives. When one is exceeded, all that is stored is dropped. */
export interface AssemblerLimits {
  readonly maxPackets: number;
  /** Payload bytes. */
  readonly maxBytes: number;
  /** Stretches of packets in sequence; each gap and each frame boundary makes one more. */
  readonly maxRuns: number;
}

/** A frame of 16 MiB in packets of 1,200 bytes, and as many gaps as a receiver that gives up in time ever sees. */
export const DEFAULT_ASSEMBLER_LIMITS: AssemblerLimits = { maxPackets: 16_384, maxBytes: 16 * 2 ** 20, maxRuns: 1_024 };
