import { StorageUnavailable } from "../../errors.ts";
import type { Failpoints } from "../../environment/failpoint.ts";
import { pieceChanged } from "../piece-check.ts";
import { type Digests, sufficient } from "../digest.ts";
import { codeOf, type Medium } from "./medium.ts";
import { hashedFile, type DiskObjects, type Hashed } from "./objects.ts";
import type { DiskPieces } from "./pieces.ts";
import type { OtherHash, Piece, StoredBlob } from "../port.ts";

interface AssembleParts {
  readonly medium: Medium;
  readonly objects: DiskObjects;
  readonly pieces: DiskPieces;
  readonly failpoints: Failpoints;
  readonly now: () => number;
}

interface Assembly {
  readonly space: string;
  readonly also: readonly OtherHash[] | undefined;
  readonly knownDigests: Digests | undefined;
}

/** Error codes of a file system that gives no file a second name, or this one none any more. */
const unlinkable = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"];

/** Makes one object of pieces: a whole piece gets a second name, several are copied. */
export async function assembleOnDisk(
  parts: AssembleParts,
  pieces: readonly Piece[],
  assembly: Assembly,
): Promise<StoredBlob> {
  const [only, ...more] = pieces;
  const isWhole =
    only !== undefined &&
    more.length === 0 &&
    (await lengthOf(parts, only)) === only.sizeBytes &&
    // A writer that has it open could add to the object.
    !parts.pieces.isOpen(only.name);
  return (isWhole ? await link(parts, only, assembly) : undefined) ?? (await copy(parts, pieces, assembly));
}

/** Undefined where the file system cannot. The piece keeps its name, for no record refers to the object yet. */
async function link(
  { medium, objects, pieces, failpoints, now }: AssembleParts,
  piece: Piece,
  { space, also, knownDigests }: Assembly,
): Promise<StoredBlob | undefined> {
  const { disk } = medium;
  const from = pieces.path(piece.name);
  const [digests, checksums] = [sufficient(knownDigests, also), pieces.checksums(piece)];
  const hashed =
    digests && checksums ? { digests, checksums } : await read(medium, from, piece, { also, knownDigests });
  const path = await objects.temporary("assemble");
  try {
    const isLinked = await medium.guard(() => disk.link(from, path).then(() => true, unlessUnlinkable));
    if (!isLinked) return undefined;
    // The piece may have taken days to come, and the sweeper knows by its time that an object is about to be used.
    await medium.guard(() => disk.touch(path, now()));
    await failpoints.hit("assemble.linked");
    return await objects.publish(space, path, hashed);
  } finally {
    // A rename over another name of the same file does nothing: both are there when this is done a second time.
    await disk.remove(path);
  }
}

async function copy(
  parts: AssembleParts,
  pieces: readonly Piece[],
  { space, also, knownDigests }: Assembly,
): Promise<StoredBlob> {
  const { objects } = parts;
  // All pieces are checked before the first byte is copied.
  for (const piece of pieces) await lengthOf(parts, piece);
  const writer = await objects.create(space, also, knownDigests?.sha256);
  try {
    for await (const bytes of parts.pieces.bytes(pieces)) await writer.write(bytes);
    return await writer.commit();
  } finally {
    await writer.abort();
  }
}

async function read(
  medium: Medium,
  path: string,
  piece: Piece,
  { also, knownDigests }: Pick<Assembly, "also" | "knownDigests">,
): Promise<Hashed> {
  await using file = await medium.guard(() => medium.disk.open(path, "r"));
  const { digests, checksums } = await medium.guard(() => hashedFile(file, also));
  if (checksums.sizeBytes !== piece.sizeBytes || (knownDigests !== undefined && knownDigests.sha256 !== digests.sha256))
    throw pieceChanged();
  if (piece.sha256 != null && piece.sha256 !== digests.sha256) throw pieceChanged();
  return { digests, checksums };
}

async function lengthOf({ medium, pieces }: AssembleParts, { name, sizeBytes }: Piece): Promise<number> {
  const path = pieces.path(name);
  const stats = await medium.guard(() => medium.disk.stat(path));
  if (!stats || stats.sizeBytes < sizeBytes)
    throw StorageUnavailable({}, new Error("a piece is missing or shorter than counted"));
  return stats.sizeBytes;
}

function unlessUnlinkable(error: unknown): false {
  if (!unlinkable.includes(codeOf(error))) throw error;
  return false;
}
