import type { Handlers } from "#kernel";
import { type search, SearchUnavailable } from "../../contract.ts";
import { documentKind } from "../../documents/documents.ts";
import { type ShardNumber, shardNumberOf } from "../../documents/index-part.ts";
import type { SearchMemory } from "../../documents/memory.ts";
import type { SearchIndex } from "../../index/search-index.ts";
import { withWordsInCaptions } from "../memory.ts";
import type { shardMethods } from "./contract.ts";
import { message } from "./message.ts";
import { receivedQuery } from "./shard-query.ts";

export type ShardHandlers = Pick<Handlers<typeof search>, keyof typeof shardMethods>;
const videos = [documentKind.video];

/** What this process knows and finds of its part of the index. */
export function shardOfMemory(memory: SearchMemory): ShardHandlers {
  const own = shardNumberOf(memory.part);
  /**
   * The index, up to date: the question before may have gone to another process.
   * @throws KinoraError search.unavailable where this process has another part
   */
  const indexOf = async ({ number, count }: ShardNumber): Promise<SearchIndex> => {
    if (number !== own.number || count !== own.count)
      throw SearchUnavailable({}, new Error(`shard ${number + 1} of ${count} is not here`));
    await memory.refresh();
    return memory.index;
  };
  return {
    shard: async () => own,
    async shardMeasurement({ part, query }) {
      return message((await indexOf(part)).measurement(receivedQuery(query)));
    },
    async shardHits({ part, query, plan }) {
      return message((await indexOf(part)).hits(receivedQuery(query), plan));
    },
    async shardCaptions({ part, text, videoIds }) {
      return { videoIds: withWordsInCaptions(await indexOf(part), text, videoIds) };
    },
    async shardSpellings({ part, text }) {
      return { items: message((await indexOf(part)).spellings(text, videos)) };
    },
  };
}
