import type { Host } from "#kernel";
import { search } from "../../contract.ts";
import { documentKind } from "../../documents/documents.ts";
import { type ShardNumber, shardOf } from "../../documents/index-part.ts";
import type { SearchMemory } from "../../documents/memory.ts";
import { correctionOf } from "../../index/query/correction.ts";
import { searchShards, type Shard } from "../../index/query/shards.ts";
import { placeOf } from "../index-query.ts";
import type { SearchBackend } from "../port.ts";
import { message } from "./message.ts";
import { ShardPeers } from "./peers.ts";
import { shardOfMemory } from "./shard.ts";
import { type Sent, sentQuery } from "./shard-query.ts";

/** The index in the memory of several processes, each with a part of the documents; this one has one of them. */
export function shardsBackend(
  { call, now, peers, log }: Pick<Host, "call" | "now" | "peers" | "log">,
  memory: SearchMemory,
  own: ShardNumber,
): SearchBackend {
  const { count } = own;
  const processes = new ShardPeers({ call, now, log, peers: () => peers(search), own, self: shardOfMemory(memory) });
  const shards = Array.from({ length: count }, (_, number): Shard<Sent> => {
    const part = { number, count };
    return {
      measurement: (query) => processes.ask(number, (peer, calling) => peer.shardMeasurement({ part, query }, calling)),
      hits: (query, plan) =>
        processes.ask(number, (peer, calling) => peer.shardHits({ part, query, plan: message(plan) }, calling)),
    };
  });
  const ofAll = <A>(question: (number: number) => Promise<A>): Promise<A[]> =>
    Promise.all(shards.map((_, number) => question(number)));

  return {
    async find(query, slice) {
      const { kind, scope: ownerId = 0 } = query;
      const isOfOne = kind === documentKind.file;
      const holder =
        slice.after || isOfOne ? shards[shardOf({ kind, id: slice.after?.id ?? 0, ownerId }, count)] : undefined;
      const asked = isOfOne && holder ? [holder] : shards;
      const { hits, total } = await searchShards(asked, sentQuery(query, slice), holder);
      return { places: hits.map((hit) => placeOf(query, hit)), total };
    },

    async withWordsInCaptions(text, videoIds) {
      if (videoIds.length === 0) return [];
      const found = await ofAll((number) =>
        processes.ask(number, (peer, calling) =>
          peer.shardCaptions({ part: { number, count }, text, videoIds: [...videoIds] }, calling),
        ),
      );
      return found.flatMap((one) => one.videoIds);
    },

    async correction(text) {
      const found = await ofAll((number) =>
        processes.ask(number, (peer, calling) => peer.shardSpellings({ part: { number, count }, text }, calling)),
      );
      return (
        correctionOf(
          text,
          found.map(({ items }) => items),
        )?.text ?? null
      );
    },
  };
}
