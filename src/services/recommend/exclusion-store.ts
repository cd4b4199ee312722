import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";

/** What lists leave out for a caller. */
export interface Exclusions {
  /** Authors that a block stands between, either way. */
  readonly userIds: readonly Id[];
}

/** Whether a row of `candidates` is not left out. */
export const isIncluded = ({ userIds }: Exclusions): RawBuilder<boolean> =>
  userIds.length === 0 ? sql<boolean>`true` : sql<boolean>`candidates.user_id <> ALL(${[...userIds]}::bigint[])`;
