import { type Id, newCall } from "#kernel";
import { live } from "#services/live/contract";
import type { ClientOf } from "../client-of.ts";

/** As long as a picture is shown, and as an absent one is not asked for again. */
const lifeMs = { there: 5_000, absent: 1_000 };
const knownMax = 1_000;
const waitMs = 20_000;

/** The pictures of live rooms, asked for once however many viewers see them. */
export class RoomPictures {
  readonly #client: ClientOf;
  readonly #known = new Map<Id, Promise<Buffer>>();

  constructor(client: ClientOf) {
    this.#client = client;
  }

  /** @throws NoPicture */
  of(id: Id): Promise<Buffer> {
    const known = this.#known.get(id);
    if (known) return known;
    if (this.#known.size >= knownMax) this.#known.clear();
    const picture = this.#client(live)
      .picture({ id }, newCall({ waitMs }))
      .then(({ bytes }) => Buffer.from(bytes));
    this.#known.set(id, picture);
    const forget = (afterMs: number) => () =>
      void setTimeout(() => this.#known.get(id) === picture && this.#known.delete(id), afterMs).unref();
    picture.then(forget(lifeMs.there), forget(lifeMs.absent));
    return picture;
  }
}
