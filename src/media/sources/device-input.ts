import { type ErrorCode, SightlineError } from "../../core/index.js";
import { describe } from "../native/library.js";
import { type StreamInput, StreamReader } from "../native/stream-reader.js";

/** What systems say of a device that another program holds. */
const BUSY = /busy|in use/i;
const FORBIDDEN = /denied|not permitted/i;
const ABSENT = /no such/i;

/**
 * Opens a capture device by the first of several ways that works: drivers refuse sizes and formats rather than choose.
 *
 * @param name - for messages
 * @throws SightlineError `not-found`, `in-use` or `unsupported`, with the last way's reason
 */
export async function openDevice(attempts: readonly StreamInput[], name: string): Promise<StreamReader> {
  let reason = "it cannot be opened";
  for (const attempt of attempts) {
    try {
      const reader = await StreamReader.open(attempt);
      if (typeof reader !== "number") return reader;
      reason = describe(reader);
    } catch (error) {
      if (!(error instanceof SightlineError)) throw error;
      reason = error.message;
    }
    if (BUSY.test(reason) || FORBIDDEN.test(reason) || ABSENT.test(reason)) break;
  }
  throw new SightlineError(codeOf(reason), `${name} cannot be captured: ${reason}${adviceFor(reason)}`);
}

function codeOf(reason: string): ErrorCode {
  if (BUSY.test(reason)) return "in-use";
  return ABSENT.test(reason) ? "not-found" : "unsupported";
}

function adviceFor(reason: string): string {
  if (BUSY.test(reason)) return "; close the program that uses it";
  if (FORBIDDEN.test(reason)) return "; allow this program to use it in the system's settings";
  return "";
}
