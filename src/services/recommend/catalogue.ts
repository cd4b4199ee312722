import type { Call, Host } from "#kernel";
import type { z } from "zod";
import { catalogue } from "./catalogue-store.ts";
import type { recommend } from "./contract.ts";
import type { FindExclusions } from "./exclusions/exclusions.ts";
import type { Tables } from "./store.ts";

type Request = z.output<(typeof recommend)["methods"]["videos"]["input"]>;

/** The list of public videos. */
export const createCatalogue = ({ db }: Pick<Host<Tables>, "db">, findExclusions: FindExclusions) => ({
  async videos({ sort, categoryId, userId, shape, minDurationMs, maxDurationMs, ...page }: Request, call: Call) {
    const filter = { categoryId, userId, shape, minDurationMs, maxDurationMs };
    const { items, ...paging } = await catalogue(db.read(call), sort, filter, await findExclusions(call), page);
    return { ...paging, items: items.map(({ videoId }) => ({ videoId })) };
  },
});
