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

interface Services {
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  readonly call: () => Call;
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
