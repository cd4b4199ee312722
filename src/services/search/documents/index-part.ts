import type { Id } from "#kernel";
import { idHash } from "#kernel/ids/id-hash";
import { documentKind } from "./documents.ts";

/** One of several parts that together have all documents. */
export interface ShardNumber {
  /** From 0 on. */
  readonly number: number;
  readonly count: number;
}

/** Which documents the index of a process has. */
export type IndexPart = "all" | "none" | ShardNumber;

/** A whole index is the only shard; without one there is none. Pure. */
export function shardNumberOf(part: IndexPart): ShardNumber {
  if (part === "none") return { number: 0, count: 0 };
  return part === "all" ? { number: 0, count: 1 } : part;
}

/** Which of so many shards has a document. The files of a user are in one shard, so that their search asks that one alone. Pure. */
export const shardOf = (
  { kind, id, ownerId }: { readonly kind: number; readonly id: Id; readonly ownerId: Id },
  count: number,
): number => idHash(kind === documentKind.file ? ownerId : id) % count;

/** Whether a row is of a part. A file that is gone has no owner any longer, and is removed from every shard. Pure. */
export function isInPart(
  row: { readonly kind: number; readonly id: Id; readonly ownerId: Id; readonly isVisible: boolean },
  part: IndexPart,
): boolean {
  if (part === "all" || part === "none") return part === "all";
  if (row.kind === documentKind.file && !row.isVisible) return true;
  return shardOf(row, part.count) === part.number;
}
