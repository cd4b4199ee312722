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
  readonly #pictures = new Map<Id, Promise<Buffer>>();

  constructor(client: ClientOf) {
    this.#client = client;
  }

  /** @throws NoPicture */
  of(id: Id): Promise<Buffer> {
    const cached = this.#pictures.get(id);
    if (cached) return cached;
    if (this.#pictures.size >= knownMax) this.#pictures.clear();
    const picture = this.#client(live)
      .picture({ id }, newCall({ waitMs }))
      .then(({ bytes }) => Buffer.from(bytes));
    this.#pictures.set(id, picture);
    const forget = (afterMs: number) => () =>
      void setTimeout(() => this.#pictures.get(id) === picture && this.#pictures.delete(id), afterMs).unref();
    picture.then(forget(lifeMs.there), forget(lifeMs.absent));
    return picture;
  }
}
