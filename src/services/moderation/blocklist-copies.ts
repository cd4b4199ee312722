import { blocklistChanged } from "#events/moderation";
import type { Client, Host } from "#kernel";
import type { Projection } from "#kernel/db/projection";
import { auth } from "#services/auth/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { search } from "#services/search/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { usualRules } from "#policy/copies/blocklist";
import * as store from "./store.ts";

/**
 * Compares the copies that other services have of the blocklist. A copy that differs makes the list be published again.
 */
export function createBlocklistCopies({
  db,
  emit,
  client,
}: Pick<Host<store.Tables>, "db" | "emit" | "client">): Projection {
  return {
    async *repair(call) {
      const outdated: string[] = [];
      const decided = await store.decidedWords(db);
      const body = decided ? JSON.stringify(blocklistChanged.payload.parse(decided)) : "";
      for (const contract of [auth, user, video, interaction, hashtag, search]) {
        const service: Pick<Client<typeof user>, "blocklistCopy"> = client(contract as typeof user); // All of them have it.
        if ((await service.blocklistCopy({}, call)).body !== body) outdated.push(contract.name);
      }
      if (outdated.length === 0) return;
      await db.tx(async (tx) => {
        const { version, rules } = await store.lockRules(tx, usualRules);
        // Copies ignore a version they have.
        await store.setRules(tx, version + 1, rules);
        const payload = await store.decidedWords(tx);
        if (payload) await emit(tx, blocklistChanged, 1, payload);
      });
      yield `the blocklist was outdated in ${outdated.join(", ")}; it is published again`;
    },
  };
}
