import type { Call, Client, Id } from "#kernel";
import type { media } from "#services/media/contract";
import type { upload } from "#services/upload/contract";
import type { Transfer } from "./contract.ts";

export type Space = NonNullable<Transfer["space"]>;
export const spaces: readonly Space[] = ["upload", "media"];

/** A key's space and hash. */
export const partsOf = (key: string): { space: Space; hash: string } => {
  const [space, hash = ""] = key.split("/");
  return { space: space === "media" ? "media" : "upload", hash };
};

/** How long a page of records may take: a store far away removes its objects one by one. */
const releaseMs = 60_000;

interface Services {
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  readonly call: (parts?: { readonly signal?: AbortSignal; readonly waitMs?: number }) => Call;
}

/** The services that own objects: they alone know which are needed, and remove the others. */
export class Owners {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async isReferenced(key: string): Promise<boolean> {
    const { keys } = await this.#ownerOf(key).held({ keys: [key] }, this.#services.call());
    return keys.includes(key);
  }

  /** False where no owner needs an object any more: every copy that was not stored again since is removed then. */
  async keep(key: string, writtenAtMs: number): Promise<boolean> {
    const { isHeld } = await this.#ownerOf(key).prune(
      { key, writtenBeforeMs: Math.floor(writtenAtMs) + 1 },
      this.#services.call(),
    );
    return isHeld;
  }

  /** Quarantines an object of a store, so that it is not read; false where it was stored again since. */
  async setAside(key: string, store: string, writtenAtMs: number): Promise<boolean> {
    const input = { key, store, writtenBeforeMs: Math.floor(writtenAtMs) + 1 };
    return (await this.#ownerOf(key).setAside(input, this.#services.call())).isAside;
  }

  /** The users whose files and videos need these objects; at most a hundred of one space. */
  async usersOf(space: Space, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Id[]>> {
    const { items } = await this.#services[space].ownersOf({ keys: [...keys] }, this.#services.call());
    const users = new Map<string, Id[]>();
    for (const { key, userId } of items) users.set(key, [...(users.get(key) ?? []), userId]);
    return users;
  }

  /** Has a space's owner remove what waits for its grace time alone, and yields what each page of records had. */
  async *releaseSpace(space: Space, signal: AbortSignal): AsyncIterable<{ objects: number; sizeBytes: number }> {
    for (let after: Id | null = 0; after !== null; ) {
      signal.throwIfAborted();
      const page: { objects: number; sizeBytes: number; next: Id | null } = await this.#services[space].release(
        { after },
        this.#services.call({ signal, waitMs: releaseMs }),
      );
      yield page;
      after = page.next;
    }
  }

  /** Removes the given objects that no record refers to, and yields them; objects stored again since stay. */
  async pruneUnreferenced<O extends { readonly key: string }>(
    space: Space,
    objects: readonly O[],
    writtenBeforeMs: number,
  ): Promise<O[]> {
    if (objects.length === 0) return [];
    const owner = this.#services[space];
    const { keys } = await owner.held({ keys: objects.map(({ key }) => key) }, this.#services.call());
    const heldKeys = new Set(keys);
    const pruned: O[] = [];
    for (const object of objects) {
      if (heldKeys.has(object.key)) continue;
      const { isHeld } = await owner.prune({ key: object.key, writtenBeforeMs }, this.#services.call());
      if (!isHeld) pruned.push(object);
    }
    return pruned;
  }

  /** Every object of one user in one space. */
  async *objectsOf(space: Space, userId: Id): AsyncIterable<string> {
    for await (const keys of this.#pages(space, userId)) yield* keys;
  }

  /** Every object that is needed in one space, in pages. */
  all(space: Space): AsyncIterable<readonly string[]> {
    return this.#pages(space);
  }

  async *#pages(space: Space, userId?: Id): AsyncIterable<readonly string[]> {
    for (let after = ""; ; ) {
      const input = { after, ...(userId !== undefined && { userId }) };
      const { keys } = await this.#services[space].objectsOf(input, this.#services.call());
      const last = keys.at(-1);
      if (last === undefined) return;
      yield keys;
      after = last;
    }
  }

  #ownerOf(key: string): Pick<Client<typeof upload>, "held" | "prune" | "setAside"> {
    return this.#services[partsOf(key).space];
  }
}
