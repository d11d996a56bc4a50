import { homedir, platform } from "node:os";
import { join } from "node:path";

/** The folder for what Sightline keeps for this user, where the system wants it (XDG Base Directory, Apple, Windows). */
export function configFolder(): string {
  if (platform() === "win32") return join(process.env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "sightline");
  if (platform() === "darwin") return join(homedir(), "Library", "Application Support", "sightline");
  return join(process.env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "sightline");
}
