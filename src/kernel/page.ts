import { z } from "zod";
import { cursorLengthMax } from "./cursor.ts";

/** How far a page number reaches and how far a total counts; beyond it lists go by cursor. */
export const rowsByNumberMax = 1_000;

/** The input of every list. `skip` and `count` serve the page numbers of REST and nothing else. */
export const pageInput = {
  cursor: z.string().max(cursorLengthMax).optional(),
  skip: z.int().min(0).max(rowsByNumberMax).default(0),
  limit: z.int().min(1).max(100).default(20),
  count: z.boolean().default(false),
};
export type PageInput = z.output<z.ZodObject<typeof pageInput>>;

/** One page; `next` is an opaque cursor, null on the last page; `total` counts to {@link rowsByNumberMax} + 1, when asked. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.int().optional() });

/** A list whose rows the caller is not shown: as one that has none. Pure. */
export const emptyPage = ({ count }: Pick<PageInput, "count">) => ({
  items: [],
  next: null,
  ...(count && { total: 0 }),
});
