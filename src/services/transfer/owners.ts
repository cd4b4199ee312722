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

interface Asked {
  readonly upload: Client<typeof upload>;
  readonly media: Client<typeof media>;
  readonly call: () => Call;
}

/** The services that objects belong to: they alone know which are needed, and remove what is not. */
export class Owners {
  readonly #asked: Asked;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  async isHeld(key: string): Promise<boolean> {
    const { keys } = await this.#of(key).held({ keys: [key] }, this.#asked.call());
    return keys.includes(key);
  }

  /** False where nobody needs an object any more: then every copy of it that was not stored again since is gone. */
  async keep(key: string, writtenAtMs: number): Promise<boolean> {
    const { isHeld } = await this.#of(key).prune(
      { key, writtenBeforeMs: Math.floor(writtenAtMs) + 1 },
      this.#asked.call(),
    );
    return isHeld;
  }

  /** Puts an object of a store where nobody reads it; false where it was stored again since. */
  async setAside(key: string, store: string, writtenAtMs: number): Promise<boolean> {
    const given = { key, store, writtenBeforeMs: Math.floor(writtenAtMs) + 1 };
    return (await this.#of(key).setAside(given, this.#asked.call())).isAside;
  }

  /** Whose files and videos need these objects; at most a hundred of one space. */
  async usersOf(space: Space, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Id[]>> {
    const { items } = await this.#asked[space].ownersOf({ keys: [...keys] }, this.#asked.call());
    const found = new Map<string, Id[]>();
    for (const { key, userId } of items) found.set(key, [...(found.get(key) ?? []), userId]);
    return found;
  }

  /** Every object of one person in one space. */
  async *objectsOf(space: Space, userId: Id): AsyncIterable<string> {
    for await (const keys of this.#pages(space, userId)) yield* keys;
  }

  /** Every object that is needed in one space, some hundred at a time. */
  all(space: Space): AsyncIterable<readonly string[]> {
    return this.#pages(space);
  }

  async *#pages(space: Space, userId?: Id): AsyncIterable<readonly string[]> {
    for (let after = ""; ; ) {
      const asked = { after, ...(userId !== undefined && { userId }) };
      const { keys } = await this.#asked[space].objectsOf(asked, this.#asked.call());
      const last = keys.at(-1);
      if (last === undefined) return;
      yield keys;
      after = last;
    }
  }

  #of(key: string): Pick<Client<typeof upload>, "held" | "prune" | "setAside"> {
    return this.#asked[partsOf(key).space];
  }
}
