import { ABS_CAPTURE_TIME_URI } from "./abs-capture-time.js";
import { PLAYOUT_DELAY_URI } from "./playout-delay.js";
import { TRANSPORT_SEQUENCE_NUMBER_URI } from "./transport-sequence-number.js";

/** The ID that a session gave to each header extension it uses (RFC 8285 §5). Absent: not used. */
export interface ExtensionMap {
  readonly transportSequenceNumber?: number;
  readonly absCaptureTime?: number;
  readonly playoutDelay?: number;
}

/** The IDs that both ends use where no session description says otherwise. */
export const DEFAULT_EXTENSION_MAP: Required<ExtensionMap> = {
  transportSequenceNumber: 3,
  absCaptureTime: 4,
  playoutDelay: 5,
};

/** The URI that names each header extension in a session description. */
export const EXTENSION_URIS: Readonly<Record<keyof ExtensionMap, string>> = {
  transportSequenceNumber: TRANSPORT_SEQUENCE_NUMBER_URI,
  absCaptureTime: ABS_CAPTURE_TIME_URI,
  playoutDelay: PLAYOUT_DELAY_URI,
};
