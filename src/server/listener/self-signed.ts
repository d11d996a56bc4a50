import { X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { SightlineError } from "../../core/index.js";
import type { TlsFiles } from "../server-options.js";
import { configFolder } from "./config-folder.js";
import type { MachineAddress } from "./machine-addresses.js";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** What browsers accept at most of others' certificates (CA/Browser Forum Baseline Requirements §6.3.2). */
const VALID_DAYS = 397;
/** Renewed before it ends in the middle of a share. */
const RENEWED_BEFORE_DAYS = 7;

/** What {@link selfSignedCertificate} goes by. */
export interface SelfSignedOptions {
  /** What it must be valid for, see {@link machineNames}. */
  readonly names: readonly string[];
  readonly today: Date;
  /** Where it is kept; the user's own folder by default. */
  readonly folder?: string;
}

/** Every name and address under which this machine's server is opened. */
export function machineNames(addresses: readonly MachineAddress[]): string[] {
  const machine = hostname().toLowerCase();
  const local = machine.includes(".") ? [] : [`${machine}.local`];
  return ["localhost", machine, ...local, ...addresses.map(({ address }) => address)];
}

/**
 * The certificate that was made on first use; a new one if it ends soon or does not name an address that the machine has now.
 * Key and certificate are one file, readable by the user alone, that is replaced whole.
 *
 * @throws SightlineError `unsupported` if it cannot be kept
 */
export async function selfSignedCertificate({
  names,
  today,
  folder = configFolder(),
}: SelfSignedOptions): Promise<TlsFiles> {
  const file = join(folder, "certificate.pem");
  const kept = split(await readFile(file, "utf8").catch(() => ""));
  if (kept && isGood(kept.certificate, { names, today })) return kept;
  const made = await create({ names, today });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}`;
    await writeFile(temporary, `${made.key.trim()}\n${made.certificate.trim()}\n`, { mode: 0o600 });
    await rename(temporary, file);
  } catch (cause) {
    throw new SightlineError("unsupported", `the certificate cannot be kept in ${folder}: make it writable`, { cause });
  }
  return made;
}

function split(pem: string): TlsFiles | undefined {
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(pem)?.[0];
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0];
  return key && certificate ? { key, certificate } : undefined;
}

function isGood(pem: string, { names, today }: { names: readonly string[]; today: Date }): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const end = new Date(certificate.validTo).getTime() - RENEWED_BEFORE_DAYS * DAY_MS;
    const isNow = new Date(certificate.validFrom).getTime() <= today.getTime() && today.getTime() < end;
    return isNow && names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
  } catch {
    return false;
  }
}

async function create({ names, today }: { names: readonly string[]; today: Date }): Promise<TlsFiles> {
  const { generate } = await import("selfsigned"); // slow to load, and seldom needed
  const made = await generate([{ name: "commonName", value: "Sightline" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(today.getTime() - DAY_MS), // clocks differ
    notAfterDate: new Date(today.getTime() + (VALID_DAYS - 1) * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { certificate: made.cert, key: made.private };
}
