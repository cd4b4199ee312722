import type { Call, Client, Contract, Id } from "#kernel";
import { media } from "#services/media/contract";
import { user } from "#services/user/contract";

/** Names and looks follow a change within five seconds; what they are shown beside has been decided by others. */
const lifeMs = 4_000;
const keptMax = 20_000;

type ClientOf = <C extends Contract>(contract: C) => Client<C>;
interface Kept<Item> {
  readonly item: Item;
  readonly until: number;
}

/** What was told of things lately, by their ids. What is not there is asked for again each time. */
export class Lately<Item extends { readonly id: Id }> {
  readonly #kept = new Map<Id, Kept<Item>>();
  readonly #monotonic: () => number;

  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Those of these that are known, and what `ask` tells of the others. Nobody sees an old state of `own`. */
  async of(ids: readonly Id[], own: Id | undefined, ask: (ids: Id[]) => Promise<readonly Item[]>): Promise<Item[]> {
    const now = this.#monotonic();
    const found: Item[] = [];
    const others: Id[] = [];
    for (const id of ids) {
      const kept = id === own ? undefined : this.#kept.get(id);
      if (kept && kept.until > now) found.push(kept.item);
      else others.push(id);
    }
    if (others.length === 0) return found;
    const told = await ask(others);
    if (this.#kept.size + told.length > keptMax) this.#kept.clear();
    // Counted from the question: what was so then may have changed meanwhile.
    for (const item of told) this.#kept.set(item.id, { item, until: now + lifeMs });
    return [...found, ...told];
  }
}

/** Clients that ask for names and looks once in a while, where every page shows the same ones again. */
export function lately(client: ClientOf): ClientOf {
  const names = new Lately<Awaited<ReturnType<Client<typeof user>["briefs"]>>["items"][number]>();
  const looks = new Lately<Awaited<ReturnType<Client<typeof media>["briefs"]>>["items"][number]>();
  const users = client(user);
  const objects = client(media);
  const remembering = new Map<Contract, object>([
    [
      user,
      {
        ...users,
        briefs: async ({ ids }: { ids: Id[] }, call: Call) => ({
          items: await names.of(ids, call.userId, async (some) => (await users.briefs({ ids: some }, call)).items),
        }),
      },
    ],
    [
      media,
      {
        ...objects,
        // Of whoever asks too: no state of it is told by this.
        briefs: async ({ ids }: { ids: Id[] }, call: Call) => ({
          items: await looks.of(ids, undefined, async (some) => (await objects.briefs({ ids: some }, call)).items),
        }),
      },
    ],
  ]);
  return (contract) => (remembering.get(contract) ?? client(contract)) as never; // As many methods, of the same types.
}
