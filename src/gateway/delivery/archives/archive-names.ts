import { longestPrefix } from "#kernel/text";

/** ext4, APFS and NTFS take as much in one part of a path, which is bytes of UTF-8 on the first. */
const partBytesMax = 255;
/** A longer tail behind the last dot is no extension. */
const extensionUnitsMax = 32;
/** Names of devices on Windows, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\s*\.|\s*$)/i;
/** Neither Windows nor the tools that extract archives take these. */
const refused = /[<>:"\\|?*\p{Cc}\p{Bidi_Control}]/gu;

interface Folder {
  readonly path: string;
  /** The parts below it by their original names, and the keys of the names that they have. */
  readonly parts: Map<string, Folder>;
  readonly keys: Set<string>;
  /** The next number to try for a name, by its key: many names may become the same one. */
  readonly numbers: Map<string, number>;
}

/**
 * The paths of one archive as Linux, macOS and Windows extract them: parts of at most 255 bytes without reserved names and
 * characters, and none twice, whatever their case. A path that is legal everywhere stays as it is.
 */
export class ArchiveNames {
  readonly #root: Folder = folderAt("");

  /** The path to write for the original one. A folder has one path for all that lies in it. */
  pathOf(original: string): string {
    let folder = this.#root;
    for (const part of original.split("/")) folder = this.#below(folder, part);
    return folder.path;
  }

  #below(folder: Folder, part: string): Folder {
    const existing = folder.parts.get(part);
    if (existing) return existing;
    const legal = legalName(part);
    const legalKey = keyOf(legal);
    let number = folder.numbers.get(legalKey) ?? 2;
    let name = legal;
    while (folder.keys.has(keyOf(name))) name = withSuffix(legal, ` (${number++})`);
    folder.numbers.set(legalKey, number);
    folder.keys.add(keyOf(name));
    const below = folderAt(folder.path === "" ? name : `${folder.path}/${name}`);
    folder.parts.set(part, below);
    return below;
  }
}

const folderAt = (path: string): Folder => ({ path, parts: new Map(), keys: new Set(), numbers: new Map() });

/** The key by which macOS and Windows compare names. */
const keyOf = (name: string): string => name.normalize("NFC").toLowerCase().toUpperCase();

const bytesOf = (part: string): number => Buffer.byteLength(part);

/** A part of a path that every system takes. Pure. */
export function legalName(part: string): string {
  const name = part.toWellFormed().normalize("NFC").replaceAll(refused, "_");
  return withSuffix(name === "" || reserved.test(name) ? `_${name}` : name, "");
}

/** The name with a suffix before its extension, cut at a whole character where it is too long. */
function withSuffix(name: string, suffix: string): string {
  const dot = name.lastIndexOf(".");
  const at = dot > 0 && name.length - dot <= extensionUnitsMax ? dot : name.length;
  const tail = suffix + name.slice(at);
  const whole = longestPrefix(name.slice(0, at), partBytesMax - bytesOf(tail), bytesOf) + tail;
  // Windows drops blanks and dots at the end.
  return whole.replace(/[. ]+$/, (dropped) => "_".repeat(dropped.length));
}
