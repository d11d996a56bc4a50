/** The media process: captures and encodes what its parent asks for. All native code runs here, apart from the network. */
import { SightlineError } from "../../core/index.js";
import { connectToParent, Link, type MessageOf } from "../../ipc/index.js";
import type { FromMediaProcess, OpenRequest, ToMediaProcess } from "./protocol.js";
import { MediaSession } from "./session.js";

/** A device that hangs while it is closed does not keep the process. */
const CLOSE_TIMEOUT_MS = 3_000;

const link = new Link<ToMediaProcess, FromMediaProcess>(connectToParent());
let session: MediaSession | undefined;
/** What was said while the source is being opened. */
const waiting: MessageOf<ToMediaProcess>[] = [];
let isClosing = false;

link.onMessage((message) => {
  if (message.type === "open") void run(message.body);
  else if (message.type === "close") void close();
  else if (session) session.handleMessage(message);
  else waiting.push(message);
});
link.onClose(() => process.exit());

async function run(request: OpenRequest): Promise<void> {
  try {
    session = await MediaSession.open(request, link);
  } catch (error) {
    fail(error);
    return;
  }
  for (const message of waiting.splice(0)) session.handleMessage(message);
  try {
    await session.run();
    await close();
  } catch (error) {
    if (!isForeseen(error)) throw error;
    fail(error);
  }
}

async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  setTimeout(() => process.exit(), CLOSE_TIMEOUT_MS).unref();
  await session?.close();
  link.send({ type: "ended", body: undefined });
  link.close();
}

/** Whatever is not foreseen ends the process, and the parent starts it again. */
function isForeseen(error: unknown): boolean {
  return error instanceof SightlineError && error.code !== "internal";
}

function fail(error: unknown): void {
  const { code, message } =
    error instanceof SightlineError ? error : new SightlineError("internal", String(error), { cause: error });
  link.send({ type: "failed", body: { code, message } });
  link.close();
}
