import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { SightlineError } from "../../core/index.js";

const TIMEOUT_MS = 10_000;
/** Answers are session descriptions and lists of streams. */
const MAX_BODY_BYTES = 256 * 1_024;
/** What TLS says where a certificate is not vouched for by an authority that this machine trusts. */
const UNKNOWN_CERTIFICATE = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
]);

/** What to ask a server. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Take any certificate. */
  readonly insecure?: boolean;
  /** Gives it up before the server has answered. */
  readonly signal?: AbortSignal;
}

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/**
 * Asks a server over HTTP or HTTPS. Redirects are not followed.
 *
 * @throws SightlineError `unreachable` if it does not answer, was given up, or its certificate is not vouched for; `invalid-data` if it answers
 *   without end
 */
export function httpRequest(
  url: URL,
  { method, headers = {}, body, insecure = false, signal }: HttpRequest,
): Promise<HttpAnswer> {
  const options = { method, headers, timeout: TIMEOUT_MS, agent: false, ...(signal && { signal }) } as const;
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:"
        ? requestHttps(url, { ...options, rejectUnauthorized: !insecure })
        : requestHttp(url, options);
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (cause) => reject(cause instanceof SightlineError ? cause : unreachable(url, cause)));
    request.on("response", (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MAX_BODY_BYTES) {
          request.destroy(new SightlineError("invalid-data", `${url.origin} answers more than a session description`));
        } else pieces.push(piece);
      });
      response.on("error", (cause) => reject(unreachable(url, cause)));
      response.on("end", () => {
        const text = Buffer.concat(pieces).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.end(body);
  });
}

function unreachable({ origin }: URL, cause: NodeJS.ErrnoException): SightlineError {
  const code = cause.code ?? "";
  const message = UNKNOWN_CERTIFICATE.has(code)
    ? `nobody that this machine trusts vouches for the certificate of ${origin}: if you trust who shares, add --insecure`
    : code === "EPROTO"
      ? `${origin} does not speak HTTPS: is the link http://…?`
      : `${origin} cannot be reached (${code || cause.message}): is the link right, and does the sharing still go on?`;
  return new SightlineError("unreachable", message, { cause });
}
