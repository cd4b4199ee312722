import type { Id } from "#kernel";
import type { ItemTable } from "../recall/item-table.ts";

/** A table of items as feeds use it: by videos. */
export class ServedModel {
  readonly id: Id;
  readonly #table: ItemTable;
  readonly #videoIds: Float64Array;
  readonly #places: ReadonlyMap<Id, number>;

  /** @param videoIds the video of each item of the table */
  constructor(id: Id, table: ItemTable, videoIds: Float64Array) {
    this.id = id;
    this.#table = table;
    this.#videoIds = videoIds;
    this.#places = new Map(Array.from(videoIds, (videoId, place) => [videoId, place]));
  }

  /** Videos that go with one, the best first with 1; none where the model does not know it. */
  *neighbours(videoId: Id): Iterable<readonly [videoId: Id, score: number]> {
    const place = this.#places.get(videoId);
    if (place === undefined) return;
    const { width, items, scores } = this.#table;
    const best = scores[place * width] ?? 0;
    for (let at = place * width; at < (place + 1) * width; at++) {
      const item = items[at] ?? -1;
      if (item < 0) return;
      if (item !== place) yield [this.#videoIds[item] ?? 0, (scores[at] ?? 0) / best];
    }
  }
}
