import { SightlineError } from "../errors.js";
import { parseConnection, parseSourceFilter } from "./connection.js";
import { findLine, lineError, type SdpSection, splitSections } from "./line.js";
import type {
  ConnectionAddress,
  RtpSessionDescription,
  SessionOrigin,
  VideoDescription,
} from "./session-description.js";
import { parseVideoSection } from "./video-section.js";

/** A stream and where it is sent to. */
interface LocatedVideo {
  readonly video: VideoDescription;
  readonly section: SdpSection;
  readonly connection: ConnectionAddress;
}

/**
 * Reads a session description (RFC 8866) as ffmpeg, GStreamer and VLC write it, or as people write it by hand: all but the
 * `c=` and `m=` lines may be missing. Other media than video are skipped, and so are unknown lines. Streams sent to another
 * address than the first are left out.
 *
 * @throws SightlineError `invalid-data` naming the line that is malformed, or the one that is missing; `unsupported` if no
 * stream is of a codec that can be read.
 */
export function parseSessionDescription(text: string): RtpSessionDescription {
  const { session, media } = splitSections(text);
  const version = findLine(session, "v");
  if (version !== undefined && version.value !== "0") throw lineError(version, "is not of version 0");

  const [first, ...others] = findVideos(session, media);
  const { connection } = first;
  const sourceFilter =
    parseSourceFilter(first.section, connection.address) ?? parseSourceFilter(session, connection.address);
  const name = findLine(session, "s")?.value ?? "";
  return {
    name: name === "-" ? "" : name,
    origin: parseOrigin(session) ?? { address: connection.address },
    connection,
    ...(sourceFilter !== undefined && { sourceFilter }),
    media: [first, ...others.filter((other) => other.connection.address === connection.address)].map(
      ({ video }) => video,
    ),
  };
}

function findVideos(session: SdpSection, media: readonly SdpSection[]): [LocatedVideo, ...LocatedVideo[]] {
  const unusable: string[] = [];
  const videos: LocatedVideo[] = [];
  for (const section of media) {
    const parsed = parseVideoSection(section, session);
    if (parsed === undefined) continue;
    if (parsed.kind === "unusable") {
      unusable.push(parsed.format);
      continue;
    }
    const connectionLine = findLine(section, "c") ?? findLine(session, "c");
    if (connectionLine === undefined)
      throw lineError(section[0]!, "says not where it is sent to: a c= line is missing");
    videos.push({ video: parsed.video, section, connection: parseConnection(connectionLine) });
  }
  const [first, ...others] = videos;
  if (first !== undefined) return [first, ...others];
  if (unusable.length > 0) {
    throw new SightlineError(
      "unsupported",
      `The session description has no H.264 or JPEG video over plain RTP, only ${unusable.join("; ")}.`,
    );
  }
  throw new SightlineError("invalid-data", "The session description has no video: an m=video line is missing.");
}

/** `username session-id session-version IN address-type address` (RFC 8866 §5.2); undefined if it is not of that form. */
function parseOrigin(session: SdpSection): SessionOrigin | undefined {
  const match = /^\S+\s+(\d+)\s+(\d+)\s+IN\s+IP[46]\s+(\S+)$/i.exec(findLine(session, "o")?.value ?? "");
  return match === null ? undefined : { address: match[3]!, sessionId: match[1]!, sessionVersion: match[2]! };
}
