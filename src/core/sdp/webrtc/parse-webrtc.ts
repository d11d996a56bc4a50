import { SightlineError } from "../../errors.js";
import { parseExtensionMap } from "../extension-lines.js";
import { attributeValues, findLine, lineError, type SdpSection, splitSections } from "../line.js";
import { describePayloadTypes } from "../payload-formats.js";
import { findDirection } from "../video-section.js";
import { type IceCandidate, parseIceCandidate } from "./ice-candidate.js";
import type { DtlsSetup, SsrcGroup, WebRtcDescription, WebRtcSection, WebRtcTransport } from "./webrtc-description.js";

/** Browsers' offers are 5 to 20 KiB long. */
const MAX_LENGTH = 64 * 1_024;
const MAX_SECTIONS = 32;
const MAX_PAYLOAD_TYPES = 128;
const MAX_SSRCS = 64;
/** Candidates that are kept of a section: each is an address that we send checks to. */
const MAX_CANDIDATES = 16;
const TOKEN = /^[\w.+~!#$%&'*^`{|}-]{1,32}$/;
const ICE_UFRAG = /^[\w+/]{4,256}$/;
const ICE_PWD = /^[\w+/]{22,256}$/;
/** The hashes that are still good, and how many bytes they have. */
const FINGERPRINT_SIZES: Readonly<Record<string, number>> = { "sha-256": 32, "sha-384": 48, "sha-512": 64 };
const SETUPS: readonly DtlsSetup[] = ["actpass", "active", "passive"];

/**
 * Reads a WebRTC offer or answer (RFC 8829 §5) as browsers and WHEP servers write them. What we do not negotiate is skipped;
 * what is malformed where it matters is an error, because it goes on to a library that must not be given anything else.
 *
 * @throws SightlineError `invalid-data`: it is no session description, is too large, or a line that is needed cannot be read
 */
export function parseWebRtcDescription(text: string): WebRtcDescription {
  if (text.length > MAX_LENGTH) {
    throw new SightlineError("invalid-data", `The session description is longer than ${MAX_LENGTH >> 10} KiB.`);
  }
  const { session, media } = splitSections(text);
  const version = findLine(session, "v");
  if (version?.value !== "0" || media.length === 0) {
    throw new SightlineError(
      "invalid-data",
      "This is no WebRTC session description: it must begin with v=0 and have m= lines.",
    );
  }
  if (media.length > MAX_SECTIONS) {
    throw new SightlineError("invalid-data", `The session description has more than ${MAX_SECTIONS} m= lines.`);
  }
  const sections = media.map((section) => parseSection(section, session));
  const mids = sections.map(({ mid }) => mid).filter((mid) => mid !== "");
  if (new Set(mids).size < mids.length) {
    throw new SightlineError("invalid-data", "Two m= lines of the session description have the same a=mid.");
  }
  return { bundle: parseBundle(session).filter((mid) => mids.includes(mid)), sections };
}

/**
 * The candidates that a fragment names (`application/trickle-ice-sdpfrag`, RFC 8840 §9) and that are of use. All else in it is
 * skipped.
 */
export function parseCandidateFragment(fragment: string): IceCandidate[] {
  const { session, media } = splitSections(fragment.slice(0, MAX_LENGTH));
  return [session, ...media].flatMap(parseCandidates).slice(0, MAX_CANDIDATES);
}

function parseCandidates(section: SdpSection): IceCandidate[] {
  return attributeValues(section, "candidate")
    .flatMap((value) => parseIceCandidate(value) ?? [])
    .slice(0, MAX_CANDIDATES);
}

function parseSection(section: SdpSection, session: SdpSection): WebRtcSection {
  const line = section[0]!;
  const [media = "", port = "", protocol = "", ...formats] = line.value.split(/\s+/);
  if (!TOKEN.test(media) || !/^\d{1,5}$/.test(port) || !/^[\w/]{1,40}$/.test(protocol)) {
    throw lineError(line, "is not of the form m=MEDIA PORT PROTOCOL FORMAT …");
  }
  if (formats.length === 0 || formats.length > MAX_PAYLOAD_TYPES || !formats.every((format) => TOKEN.test(format))) {
    throw lineError(line, "names no formats that can be read");
  }
  const mid = attributeValues(section, "mid")[0] ?? "";
  if (mid !== "" && !TOKEN.test(mid))
    throw new SightlineError("invalid-data", "An a=mid is no name of 1 … 32 letters.");
  const transport = parseTransport(section, session);
  const sctpPort = Number(attributeValues(section, "sctp-port")[0]);
  return {
    media,
    protocol,
    formats,
    mid,
    isRejected: Number(port) === 0 && attributeValues(section, "bundle-only").length === 0,
    direction: findDirection(section) ?? findDirection(session) ?? "sendrecv",
    payloadTypes: describePayloadTypes(section, formats.map(Number).filter(isPayloadType)),
    feedback: parseFeedback(section),
    extensions: { ...parseExtensionMap(session), ...parseExtensionMap(section) },
    ...parseSources(section),
    ...(transport !== undefined && { transport }),
    candidates: [...parseCandidates(section), ...parseCandidates(session)],
    ...(sctpPort >= 1 && sctpPort <= 0xffff && { sctpPort }),
  };
}

function isPayloadType(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 127;
}

function parseBundle(session: SdpSection): string[] {
  const groups = attributeValues(session, "group").map((value) => value.split(/\s+/));
  return groups.find(([semantics]) => semantics === "BUNDLE")?.slice(1) ?? [];
}

function parseFeedback(section: SdpSection): Map<number, Set<string>> {
  const feedback = new Map<number, Set<string>>();
  for (const value of attributeValues(section, "rtcp-fb")) {
    const match = /^(\d{1,3}|\*)\s+(.{1,40})$/.exec(value);
    if (match === null) continue;
    const payloadType = match[1] === "*" ? Number.NaN : Number(match[1]);
    const known = feedback.get(payloadType) ?? new Set<string>();
    feedback.set(payloadType, known.add(match[2]!));
  }
  return feedback;
}

function parseSources(section: SdpSection): { readonly ssrcs: number[]; readonly ssrcGroups: SsrcGroup[] } {
  const ssrcs = new Set<number>();
  for (const value of attributeValues(section, "ssrc")) {
    const ssrc = Number(/^\d{1,10}(?=\s|$)/.exec(value)?.[0]);
    if (isSsrc(ssrc) && ssrcs.size < MAX_SSRCS) ssrcs.add(ssrc);
  }
  const ssrcGroups: SsrcGroup[] = [];
  for (const value of attributeValues(section, "ssrc-group").slice(0, MAX_SSRCS)) {
    const [semantics = "", ...members] = value.split(/\s+/);
    const numbers = members.map(Number);
    if (numbers.length === 2 && numbers.every(isSsrc)) ssrcGroups.push({ semantics, ssrcs: numbers });
  }
  return { ssrcs: [...ssrcs], ssrcGroups };
}

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

/** What the section says of its transport, or the session for all of them; undefined if some of it is missing. */
function parseTransport(section: SdpSection, session: SdpSection): WebRtcTransport | undefined {
  const find = (name: string) => attributeValues(section, name)[0] ?? attributeValues(session, name)[0];
  const iceUfrag = find("ice-ufrag");
  const icePwd = find("ice-pwd");
  const [algorithm = "", value = ""] = find("fingerprint")?.split(/\s+/) ?? [];
  const setup = find("setup") ?? "actpass";
  if (iceUfrag === undefined || icePwd === undefined || value === "") return undefined;
  if (!ICE_UFRAG.test(iceUfrag) || !ICE_PWD.test(icePwd)) {
    throw new SightlineError("invalid-data", "The ice-ufrag or ice-pwd of the session description is malformed.");
  }
  const size = FINGERPRINT_SIZES[algorithm.toLowerCase()];
  if (size === undefined || !/^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i.test(value) || value.length !== size * 3 - 1) {
    throw new SightlineError("invalid-data", "The fingerprint of the session description is no SHA-2 hash.");
  }
  if (!SETUPS.includes(setup as DtlsSetup)) {
    throw new SightlineError(
      "invalid-data",
      "The a=setup of the session description is not actpass, active or passive.",
    );
  }
  const fingerprint = { algorithm: algorithm.toLowerCase(), value: value.toUpperCase() };
  return { iceUfrag, icePwd, fingerprint, setup: setup as DtlsSetup };
}
