import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** A request as it goes over the wire: nothing is normalised, so `path` and `Host` may be what no browser would send. */
export interface HttpRequest {
  readonly port: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly secure?: boolean;
}

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends one request on a connection of its own, to any certificate. */
export function httpRequest(options: HttpRequest): Promise<HttpResponse> {
  const { port, method = "GET", path = "/", headers = {}, body, secure = false } = options;
  const target = { host: "127.0.0.1", port, method, path, headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = secure ? requestHttps({ ...target, rejectUnauthorized: false }) : requestHttp(target);
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.end(body);
  });
}
