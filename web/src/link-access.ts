/** Requests to the server of this page, with the token of the link that the page was opened by. */
export class LinkAccess {
  private readonly token: string | undefined;

  /** @param pageUrl - the address that the page was opened by; `?token=` in it is used as it is */
  constructor(pageUrl: string) {
    this.token = new URL(pageUrl).searchParams.get("token") ?? undefined;
  }

  /** Asks the server, as `fetch` does. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token !== undefined) headers.set("Authorization", `Bearer ${this.token}`);
    return fetch(path, { ...init, headers, cache: "no-store" });
  }

  /** The address of something that cannot be asked for with headers: an event stream. */
  urlWithToken(path: string): string {
    return this.token === undefined ? path : `${path}?token=${encodeURIComponent(this.token)}`;
  }
}
