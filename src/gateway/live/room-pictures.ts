import { type Id, newCall } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import type { CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import { live } from "#services/live/contract";
import type { ClientOf } from "../client-of.ts";

const picturesCache: CacheDeclaration = {
  name: "gateway.live_pictures",
  what: "Pictures of live rooms, as lists show them.",
  ttlMs: 5_000,
};
/** An absent picture is not asked for again for this time. */
const absentMs = 1_000;
const knownMax = 1_000;
const waitMs = 20_000;

/** The pictures of live rooms, asked for once however many viewers see them. */
export class RoomPictures {
  readonly #client: ClientOf;
  readonly #policy: CachePolicy;
  readonly #pictures = new Map<Id, Promise<Buffer>>();

  constructor(client: ClientOf, caches = new CachePolicies()) {
    this.#client = client;
    this.#policy = caches.declare(picturesCache);
    this.#policy.hold({
      entries: () => this.#pictures.size,
      clear: () => this.#pictures.clear(),
      deleteKey: (id) => this.#pictures.delete(Number(id)),
      deleteTag: (tag) => {
        if (tag.startsWith("live:")) this.#pictures.delete(Number(tag.slice("live:".length)));
      },
    });
  }

  /** @throws NoPicture */
  of(id: Id): Promise<Buffer> {
    const cached = this.#pictures.get(id);
    this.#policy.count(cached !== undefined);
    if (cached) return cached;
    if (this.#pictures.size >= knownMax) this.#pictures.clear();
    const picture = this.#client(live)
      .picture({ id }, newCall({ waitMs }))
      .then(({ bytes }) => Buffer.from(bytes));
    this.#pictures.set(id, picture);
    const forget = (afterMs: number) => () =>
      void setTimeout(() => this.#pictures.get(id) === picture && this.#pictures.delete(id), afterMs).unref();
    picture.then(forget(this.#policy.ttlMs), forget(absentMs));
    return picture;
  }
}
