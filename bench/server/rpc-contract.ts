import { contract, Id, Instant, query } from "#kernel";
import { extendLock } from "#kernel/rpc/wire/lock";
import { z } from "zod";
import { bus } from "../../src/kernel/rpc/bus.ts";

/** The call `bench/server/rpc.ts` measures: twenty ids, answered by a small record each, as a page of videos is. */
const Tag = z.object({ id: Id, name: z.string(), videoCount: z.int(), isHot: z.boolean(), createdAtMs: Instant });
export const tags = contract("tags", 1, {
  byIds: query({
    auth: "service",
    input: z.object({ ids: z.array(Id).max(100) }),
    output: z.object({ items: z.array(Tag) }),
  }),
});
export const tagsLock = extendLock({}, [tags, bus]);
export const ids = Array.from({ length: 20 }, (_, place) => 123_456_789_000 + place * 1_024);
export const tag = (id: number): z.output<typeof Tag> => ({
  id,
  name: `tag number ${id}`,
  videoCount: id % 1_000,
  isHot: id % 2 === 0,
  createdAtMs: 1_790_000_000_000 + (id % 1_000_000),
});
export const secret = "of-thirty-two-letters-or-a-few-more";
