import type { Call, Client, Contract, Id } from "#kernel";
import { media } from "#services/media/contract";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import type { z } from "zod";

/** Names and looks follow a change within five seconds; what they are shown beside has been decided by others. */
const lifeMs = 4_000;
const keptMax = 20_000;

type ClientOf = <C extends Contract>(contract: C) => Client<C>;
interface Kept<Item> {
  readonly item: Item;
  readonly until: number;
}
interface Settings<Item> {
  readonly isSettled?: (item: Item) => boolean;
  readonly monotonic?: () => number;
}

/** What was told of things lately, by their ids, each the same frozen object. What is not there is asked for again each time. */
export class Lately<Item extends { readonly id: Id | string }> {
  readonly #kept = new Map<Item["id"], Kept<Item>>();
  readonly #isSettled: (item: Item) => boolean;
  readonly #monotonic: () => number;

  /** What is not settled yet is told, and asked for again the next time. */
  constructor({ isSettled = () => true, monotonic = () => performance.now() }: Settings<Item> = {}) {
    this.#isSettled = isSettled;
    this.#monotonic = monotonic;
  }

  /** Those of these that are known, and what `ask` tells of the others, in this order. Nobody sees an old state of `own`. */
  async of(
    ids: readonly Item["id"][],
    own: Item["id"] | undefined,
    ask: (ids: Item["id"][]) => Promise<readonly Item[]>,
  ): Promise<Item[]> {
    const now = this.#monotonic();
    const found = new Map<Item["id"], Item>();
    const others: Item["id"][] = [];
    for (const id of ids) {
      const kept = id === own ? undefined : this.#kept.get(id);
      if (kept && kept.until > now) found.set(id, kept.item);
      else others.push(id);
    }
    if (others.length === 0) return [...found.values()];
    const told = await ask(others);
    if (this.#kept.size + told.length > keptMax) this.#kept.clear();
    // Counted from the question: what was so then may have changed meanwhile.
    for (const item of told)
      if (this.#isSettled(item)) this.#kept.set(item.id, { item: Object.freeze(item), until: now + lifeMs });
    for (const item of told) found.set(item.id, item);
    return ids.flatMap((id) => found.get(id) ?? []);
  }
}

type Named = z.output<(typeof user)["methods"]["briefs"]["output"]>["items"][number];
type Looking = z.output<(typeof media)["methods"]["briefs"]["output"]>["items"][number];
type Links = (typeof streaming)["methods"]["links"];
type Linked = z.input<Links["input"]>["items"][number];
type Link = z.output<Links["output"]>["items"][number];

/** A new video gets its cover within moments, and is looked at by its owner all the while. */
const hasItsLook = ({ kind, hasCover }: Looking): boolean => kind !== "video" || hasCover;

/** Clients that ask for names, looks and public addresses once in a while, where every page shows the same ones again. */
export function lately(client: ClientOf): ClientOf {
  const names = new Lately<Named>();
  const looks = new Lately<Looking>({ isSettled: hasItsLook });
  const users = client(user);
  const objects = client(media);
  const streams = client(streaming);
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
    [streaming, { ...streams, links: linksOf(streams) }],
  ]);
  return (contract) => (remembering.get(contract) ?? client(contract)) as never; // As many methods, of the same types.
}

/** Addresses of what everybody may watch hold no token and depend on nothing but what is asked; others are asked for each time. */
function linksOf(streams: Client<typeof streaming>): Client<typeof streaming>["links"] {
  const known = new Lately<{ readonly id: string; readonly link: Link }>();
  return async ({ items }, call) => {
    const ask = async (some: Linked[]) => (some.length === 0 ? [] : (await streams.links({ items: some }, call)).items);
    const byKey = new Map(items.flatMap((item) => (item.isPublic ? [[JSON.stringify(item), item] as const] : [])));
    const [everybodys, told] = await Promise.all([
      known.of([...byKey.keys()], undefined, async (keys) => {
        const links = await ask(keys.flatMap((key) => byKey.get(key) ?? []));
        return keys.flatMap((id, n) => (links[n] ? [{ id, link: links[n] }] : []));
      }),
      ask(items.filter(({ isPublic }) => !isPublic)),
    ]);
    const links = new Map(everybodys.map(({ id, link }) => [id, link]));
    const others = told.values();
    return {
      items: items.flatMap((item) => (item.isPublic ? links.get(JSON.stringify(item)) : others.next().value) ?? []),
    };
  };
}
