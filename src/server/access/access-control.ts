import type { ServerContext } from "../server-env.js";

/** Decides who is let in. */
export interface AccessControl {
  readonly kind: "token" | "open" | "pin";
  /** Whether the request proves that its sender may see everything. */
  admits(c: ServerContext): boolean;
  /** What `WWW-Authenticate` says to who is not let in (RFC 9110 §11.6.1). */
  readonly challenge: string;
}

/** Lets everybody in. */
export const OPEN_ACCESS: AccessControl = { kind: "open", admits: () => true, challenge: "" };
