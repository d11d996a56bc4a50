/** The second byte of a JPEG marker; the first is FF (T.81 table B.1). */
export const Marker = {
  /** Baseline sequential coding, the only kind that RTP carries. */
  startOfFrame0: 0xc0,
  startOfFrame15: 0xcf,
  defineHuffmanTables: 0xc4,
  /** Reserved for extensions: not a start of frame, though in the middle of their range. */
  jpegExtensions: 0xc8,
  defineArithmeticConditioning: 0xcc,
  restart0: 0xd0,
  restart7: 0xd7,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  defineQuantizationTables: 0xdb,
  defineRestartInterval: 0xdd,
  application0: 0xe0,
} as const;
