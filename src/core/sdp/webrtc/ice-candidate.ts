/** An address at which one side may be reached (RFC 8839 §5.1), of the kinds that we use. */
export interface IceCandidate {
  /** At most 32 characters that tell apart candidates of different kinds (RFC 8445 §5.1.1.3). */
  readonly foundation: string;
  readonly priority: number;
  /** A literal IP address. */
  readonly address: string;
  readonly port: number;
  readonly type: "host" | "srflx" | "prflx" | "relay";
}

/** The component of RTP; with rtcp-mux there is no other. */
const COMPONENT = 1;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
/** Loose: what passes but is no address finds no route. */
const IPV6 = /^(?=.*:.*:)[0-9a-f:]{2,39}$|^::ffff:[0-9.]{7,15}$/i;
const CANDIDATE =
  /^(?:candidate:)?([\w+/]{1,32})\s+(\d{1,3})\s+udp\s+(\d{1,10})\s+(\S{1,64})\s+(\d{1,5})\s+typ\s+(host|srflx|prflx|relay)\b/i;

/**
 * Reads the value of a `candidate` attribute (RFC 8839 §5.1): `foundation component transport priority address port typ
 * type …`.
 *
 * @returns undefined if it is malformed, or of no use: TCP, a second component, or a name such as those with which browsers
 *   hide their addresses (`….local`), which are found by the checks that come from there anyway
 */
export function parseIceCandidate(value: string): IceCandidate | undefined {
  const match = CANDIDATE.exec(value);
  if (match === null) return undefined;
  const [, foundation = "", component, priorityText, address = "", portText, type = ""] = match;
  const priority = Number(priorityText);
  const port = Number(portText);
  if (Number(component) !== COMPONENT || priority > 0xffffffff || port < 1 || port > 0xffff) return undefined;
  if (!IPV4.test(address) && !IPV6.test(address)) return undefined;
  return { foundation, priority, address, port, type: type.toLowerCase() as IceCandidate["type"] };
}

/** The value of the `candidate` attribute: what {@link parseIceCandidate} reads. */
export function writeIceCandidate({ foundation, priority, address, port, type }: IceCandidate): string {
  const text = `candidate:${foundation} ${COMPONENT} UDP ${priority} ${address} ${port} typ ${type}`;
  return type === "host" ? text : `${text} raddr 0.0.0.0 rport 0`;
}
