import { EXTENSION_URIS, type ExtensionMap } from "../rtp/extensions/extension-map.js";
import { attributeValues, type SdpSection } from "./line.js";

/** RFC 8285 §4.3. */
const MAX_EXTENSION_ID = 255;

/** The IDs of the header extensions that we know (RFC 8285 §5): `ID[/direction] URI [attributes]`. */
export function parseExtensionMap(section: SdpSection): ExtensionMap {
  const extensions: { -readonly [Name in keyof ExtensionMap]: number } = {};
  for (const value of attributeValues(section, "extmap")) {
    const match = /^(\d+)(?:\/\w+)?\s+(\S+)/.exec(value);
    const id = Number(match?.[1]);
    if (!(id >= 1 && id <= MAX_EXTENSION_ID)) continue;
    for (const [name, uri] of Object.entries(EXTENSION_URIS)) {
      if (uri === match![2]) extensions[name as keyof ExtensionMap] = id;
    }
  }
  return extensions;
}

/** The lines that give the header extensions in use their IDs. */
export function writeExtensionMap(extensions: ExtensionMap): string[] {
  const lines: string[] = [];
  for (const [name, uri] of Object.entries(EXTENSION_URIS)) {
    const id = extensions[name as keyof ExtensionMap];
    if (id !== undefined) lines.push(`a=extmap:${id} ${uri}`);
  }
  return lines;
}
