import type { Projection } from "#kernel/db/projection";
import { createCountProjection } from "#kernel/db/counts";
import { memberRows } from "./coins/fan-clubs/fan-club-store.ts";
import { countedRows } from "./coins/products/product-store.ts";
import type { LiveHost } from "./settings.ts";

/** Counts that are sums over rows. */
export const projectionsOf = ({ db }: Pick<LiveHost, "db">): readonly Projection[] => [
  createCountProjection(db, [
    {
      says: (ownerId) => `members of the fan club of user ${ownerId}`,
      table: "live.live_fan_clubs",
      key: ["owner_id"],
      column: "member_count",
      rows: memberRows,
    },
    {
      says: (liveId) => `products of live room ${liveId}`,
      table: "live.live_streams",
      key: ["id"],
      column: "product_count",
      rows: countedRows,
    },
  ]),
];
