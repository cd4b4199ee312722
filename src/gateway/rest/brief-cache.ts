import { type Call, type Contract, type Id, onPrimary } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import type { CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import { media } from "#services/media/contract";
import { user } from "#services/user/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";

/** Names and pictures grant nothing, and access to all else is checked for each request. */
export const namesCache: CacheDeclaration = {
  name: "gateway.names",
  what: "Names and pictures of accounts, as lists show them.",
  ttlMs: 1_000,
};
const looksCache: CacheDeclaration = {
  name: "gateway.looks",
  what: "Covers and sizes of media objects, as lists show them.",
  ttlMs: 1_000,
};
const entriesMax = 20_000;

interface Entry<Item> {
  readonly item: Item;
  readonly until: number;
}
interface Settings<Item> {
  readonly policy: CachePolicy;
  /** The kind of subject that an id names, for tags. */
  readonly subject: string;
  readonly isSettled?: (item: Item) => boolean;
  readonly monotonic?: () => number;
}

/** A TTL cache of rows of another service, by their ids. A missing row is asked for again each time. */
export class BriefCache<Item extends { readonly id: Id }> {
  readonly #entries = new Map<Item["id"], Entry<Item>>();
  readonly #policy: CachePolicy;
  readonly #isSettled: (item: Item) => boolean;
  readonly #monotonic: () => number;

  /** An unsettled row is answered, and not cached. */
  constructor({ policy, subject, isSettled = () => true, monotonic = () => performance.now() }: Settings<Item>) {
    this.#policy = policy;
    this.#isSettled = isSettled;
    this.#monotonic = monotonic;
    policy.hold({
      entries: () => this.#entries.size,
      clear: () => this.#entries.clear(),
      deleteKey: (key) => this.#entries.delete(Number(key)),
      deleteTag: (tag) => {
        if (tag.startsWith(`${subject}:`)) this.#entries.delete(Number(tag.slice(subject.length + 1)));
      },
    });
  }

  /**
   * The cached rows, and the missing ones from `ask`, in the order of the ids. The row `own` is never taken from the
   * cache.
   */
  async of(
    ids: readonly Item["id"][],
    ownId: Item["id"] | undefined,
    ask: (ids: Item["id"][]) => Promise<readonly Item[]>,
  ): Promise<Item[]> {
    const now = this.#monotonic();
    const briefs = new Map<Item["id"], Item>();
    const uncachedIds: Item["id"][] = [];
    for (const id of ids) {
      const entry = id === ownId ? undefined : this.#entries.get(id);
      const isHit = entry !== undefined && entry.until > now;
      this.#policy.count(isHit);
      if (isHit) briefs.set(id, entry.item);
      else uncachedIds.push(id);
    }
    if (uncachedIds.length === 0) return [...briefs.values()];
    const answered = await ask(uncachedIds);
    if (this.#entries.size + answered.length > entriesMax) this.#entries.clear();
    // Counted from the question: the row may have changed since.
    for (const item of answered)
      if (this.#isSettled(item))
        this.#entries.set(item.id, { item: Object.freeze(item), until: now + this.#policy.ttlMs });
    for (const item of answered) briefs.set(item.id, item);
    return ids.flatMap((id) => briefs.get(id) ?? []);
  }
}

type Named = z.output<(typeof user)["methods"]["briefs"]["output"]>["items"][number];
type Looking = z.output<(typeof media)["methods"]["briefs"]["output"]>["items"][number];

/** A new video gets its cover within moments, while its owner watches the page. */
const hasItsLook = ({ kind, hasCover }: Looking): boolean => kind !== "video" || hasCover;

/**
 * Clients with a cache before names and looks, which every page shows again: with the gateway in a process of its own a
 * feed costs a tenth less (ADR 026). They are asked for on the primary: a copy of what an old replica answered one caller
 * would be older than a second for the others.
 */
export function withBriefCache(client: ClientOf, caches = new CachePolicies()): ClientOf {
  const names = new BriefCache<Named>({ policy: caches.declare(namesCache), subject: "user" });
  const looks = new BriefCache<Looking>({
    policy: caches.declare(looksCache),
    subject: "media",
    isSettled: hasItsLook,
  });
  const users = client(user);
  const objects = client(media);
  const cached = new Map<Contract, object>([
    [
      user,
      {
        ...users,
        briefs: async ({ ids }: { ids: Id[] }, call: Call) => ({
          items: await names.of(
            ids,
            call.userId,
            async (some) => (await users.briefs({ ids: some }, onPrimary(call))).items,
          ),
        }),
      },
    ],
    [
      media,
      {
        ...objects,
        // The owner too may be answered from the cache: looks contain no state of a viewer.
        briefs: async ({ ids }: { ids: Id[] }, call: Call) => ({
          items: await looks.of(
            ids,
            undefined,
            async (some) => (await objects.briefs({ ids: some }, onPrimary(call))).items,
          ),
        }),
      },
    ],
  ]);
  return (contract) => (cached.get(contract) ?? client(contract)) as never; // As many methods, of the same types.
}
