import { SightlineError } from "../../core/index.js";
import { type HttpAnswer, type HttpRequest, httpRequest } from "./http-request.js";

const SDP = "application/sdp";
const MAX_REDIRECTS = 3;
const MAX_REASON_LENGTH = 200;
const USER_AGENT = "sightline";
/** Whoever leaves does not wait longer for a server that may be gone as well. */
const END_TIMEOUT_MS = 1_000;

/** How a link is opened. */
export interface WhepOptions {
  /** Of several streams behind a link, this one: its id or name. Default: the first. */
  readonly stream?: string;
  /** For a link that asks for six digits. */
  readonly pin?: string;
  /** Take any TLS certificate. */
  readonly insecure?: boolean;
}

/** A session at the server. */
export interface WhepSession {
  readonly answerSdp: string;
  /** Ends it at the server, within a second; failures are nobody's concern any more. */
  end(): Promise<void>;
}

interface Endpoint {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The viewer's side of the WebRTC-HTTP Egress Protocol (draft-ietf-wish-whep §4): for a link of Sightline's, or the endpoint of
 * any other server. A `token` in the URL is sent as a bearer token as well (§4.7).
 */
export class WhepClient {
  private readonly url: URL;
  private readonly options: WhepOptions;
  private readonly authorization: Readonly<Record<string, string>>;
  private cookie: string | undefined;

  constructor(url: URL, options: WhepOptions) {
    this.url = url;
    this.options = options;
    const token = url.searchParams.get("token");
    this.authorization = { "User-Agent": USER_AGENT, ...(token && { Authorization: `Bearer ${token}` }) };
  }

  /**
   * Makes an offer to the server.
   *
   * @throws SightlineError `unreachable` if it does not answer or refuses, `invalid-argument` if the link, PIN or stream is not
   *   right, `invalid-data` if what it answers makes no sense, `unsupported` if it cannot send what the offer takes
   */
  async open(offerSdp: string): Promise<WhepSession> {
    if (this.options.pin !== undefined && this.cookie === undefined) await this.enterPin(this.options.pin);
    const endpoint = await this.findEndpoint();
    const headers = { ...endpoint.headers, "Content-Type": SDP, Accept: SDP };
    const { answer, url } = await this.ask(endpoint.url, { method: "POST", headers, body: offerSdp });
    if (answer.status !== 201 && answer.status !== 200) throw refusal(url, answer);
    const location = one(answer.headers["location"]);
    return {
      answerSdp: answer.body,
      // Where it fails, the server notices by itself that nobody is there any more.
      end: async () => {
        if (location !== undefined) await this.endSession(location, { ...endpoint, url }).catch(() => {});
      },
    };
  }

  private async endSession(location: string, { url, headers }: Endpoint): Promise<void> {
    const session = resolveLocation(location, url);
    const credentials = session.origin === url.origin ? headers : { "User-Agent": USER_AGENT };
    const signal = AbortSignal.timeout(END_TIMEOUT_MS);
    await this.ask(session, { method: "DELETE", headers: credentials, signal });
  }

  /** A link of Sightline's leads to its page, beside which the streams are listed; any other path is an endpoint itself. */
  private async findEndpoint(): Promise<Endpoint> {
    const headers = { ...this.authorization, ...(this.cookie !== undefined && { Cookie: this.cookie }) };
    if (this.url.pathname !== "/") return { url: this.url, headers };
    const { answer, url } = await this.ask(new URL("/api/streams", this.url), { method: "GET", headers });
    if (answer.status !== 200) throw refusal(url, answer);
    const id = chooseStream(readStreams(url, answer.body), this.options.stream);
    return { url: new URL(`/whep/${encodeURIComponent(id)}`, this.url), headers };
  }

  private async enterPin(pin: string): Promise<void> {
    const url = new URL("/api/pin", this.url);
    const headers = { ...this.authorization, "Content-Type": "application/json" };
    const { answer } = await this.ask(url, { method: "POST", headers, body: JSON.stringify({ pin }) });
    if (answer.status === 404) return; // this link asks for none
    if (answer.status === 403) throw new SightlineError("invalid-argument", "the PIN is wrong: ask who shares for it");
    if (answer.status >= 300) throw refusal(url, answer);
    const cookies = answer.headers["set-cookie"] ?? [];
    this.cookie = [cookies]
      .flat()
      .map((each) => each.replace(/;.*/, ""))
      .join("; ");
  }

  /** Redirects are followed; what lets us in is shown to nobody but the link's own server. */
  private async ask(url: URL, request: HttpRequest): Promise<{ readonly answer: HttpAnswer; readonly url: URL }> {
    const { insecure = false } = this.options;
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const isHome = at.origin === this.url.origin;
      const { Authorization: _a, Cookie: _c, ...open } = request.headers ?? {};
      const headers = isHome ? (request.headers ?? {}) : open;
      const answer = await httpRequest(at, { ...request, headers, insecure });
      const location = one(answer.headers["location"]);
      const isRedirect = [301, 302, 307, 308].includes(answer.status) && location !== undefined;
      if (!isRedirect || redirects === MAX_REDIRECTS) return { answer, url: at };
      at = resolveLocation(location, at);
    }
  }
}

/** Remote data: it may be no address at all, or one of something else. */
function resolveLocation(location: string, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new SightlineError(
    "invalid-data",
    `${from.origin} leads to an address that makes no sense: copy the whole link`,
  );
}

interface ListedStream {
  readonly id: string;
  readonly name: string;
}

/** Remote data: only what has the right form is taken. */
function readStreams({ origin }: URL, body: string): ListedStream[] {
  try {
    const { streams } = JSON.parse(body) as { streams?: unknown };
    if (!Array.isArray(streams)) throw new TypeError("no list");
    return streams.flatMap((each: Partial<Record<keyof ListedStream, unknown>> | null) => {
      const { id, name } = each ?? {};
      return typeof id === "string" && typeof name === "string" ? [{ id, name }] : [];
    });
  } catch (cause) {
    throw new SightlineError("invalid-data", `${origin} is no Sightline link: copy the whole link`, { cause });
  }
}

function chooseStream(streams: readonly ListedStream[], wanted: string | undefined): string {
  const found = wanted === undefined ? streams[0] : streams.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found.id;
  const names = streams.map(({ id }) => id).join(", ");
  throw wanted === undefined
    ? new SightlineError("not-found", "nothing is shared behind this link at present")
    : new SightlineError("invalid-argument", `there is no stream '${wanted}' behind this link, but: ${names}`);
}

function refusal({ origin }: URL, { status, headers, body }: HttpAnswer): SightlineError {
  const challenge = one(headers["www-authenticate"]) ?? "";
  if (/^pin\b/i.test(challenge)) {
    return new SightlineError("invalid-argument", "this link asks for a PIN: add --pin CODE (who shares knows it)");
  }
  switch (status) {
    case 401:
    case 403:
      return new SightlineError(
        "invalid-argument",
        `${origin} lets nobody in by this link: copy the whole link, as it is now`,
      );
    case 404:
      return new SightlineError("not-found", `${origin} has no such stream: copy the whole link`);
    case 406:
    case 415:
    case 422:
      return new SightlineError("unsupported", `${origin} cannot send what this program can show${reason(body)}`);
    case 429:
      return new SightlineError("unreachable", `${origin} was asked too often: wait a minute`);
    default:
      return new SightlineError("unreachable", `${origin} refuses (HTTP ${status})${reason(body)}`);
  }
}

/** One line of what the server says, if it is made for people. */
function reason(body: string): string {
  const text = body.trim();
  if (text === "" || /[<\n]/.test(text)) return "";
  return `: ${text.slice(0, MAX_REASON_LENGTH)}`;
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
