import type { Host, Id } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { placeOf } from "../rank/ftrl.ts";
import type { Tables } from "../store.ts";
import { decodeModel } from "./model-codec.ts";
import * as modelStore from "./model-store.ts";
import { ServedModel } from "./served-model.ts";

/** The interval of looking for another model. */
const lookAgainMs = 30_000;

interface ModelObject {
  readonly id: Id;
  readonly key: string;
}

/**
 * The models that viewers have. A new one is loaded beside the one in use, and replaces it as a whole. A damaged or
 * missing one is left out, with a warning. If none remains, the latest intact one is served.
 */
export class Models {
  readonly #parts: Pick<Host<Tables>, "db" | "blob" | "log" | "now">;
  #served: readonly { readonly share: number; readonly model: ServedModel }[] = [];
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #look: Promise<void> | undefined;

  constructor(parts: Pick<Host<Tables>, "db" | "blob" | "log" | "now">) {
    this.#parts = parts;
  }

  /** The model for a viewer, the same each time while shares stay; undefined before there is one. */
  for(userId: Id): ServedModel | undefined {
    let place = bucketOf(userId);
    for (const { share, model } of this.#served) {
      if (place < share) return model;
      place -= share;
    }
    return this.#served.at(-1)?.model;
  }

  /** Says which of the served models a viewer has, of which there are two at most. */
  generationFor(userId: Id): "latest" | "earlier" | "none" {
    const model = this.for(userId);
    if (!model) return "none";
    return model === this.#served.at(-1)?.model ? "latest" : "earlier";
  }

  /** Looks for other models, where that is long ago; nobody has to wait for it. */
  async refresh(): Promise<void> {
    if (Math.abs(this.#parts.now() - this.#lookedAtMs) < lookAgainMs) return;
    this.#look ??= this.#load().finally(() => (this.#look = undefined));
    await this.#look;
  }

  async #load(): Promise<void> {
    const { db, now } = this.#parts;
    this.#lookedAtMs = now();
    const served = await modelStore.listServed(db);
    const next: { share: number; model: ServedModel }[] = [];
    for (const { share, ...row } of served) {
      const model = await this.#whole(row);
      if (model) next.push({ share, model });
    }
    if (served.length > 0 && next.length === 0) {
      const model = await this.#latestOf((await modelStore.models(db)).filter(({ share }) => share === 0));
      if (model) next.push({ share: 100, model });
    }
    this.#served = next;
  }

  /** The first of these that is whole. */
  async #latestOf(rows: readonly ModelObject[]): Promise<ServedModel | undefined> {
    for (const row of rows) {
      const model = await this.#whole(row);
      if (model) return model;
    }
    return undefined;
  }

  /** A model that is loaded already, or is now; undefined where its object is damaged or missing. */
  async #whole({ id, key }: ModelObject): Promise<ServedModel | undefined> {
    const loaded = this.#served.find(({ model }) => model.id === id);
    if (loaded) return loaded.model;
    try {
      return await this.#open(id, key);
    } catch (error) {
      this.#parts.log.warn("a model cannot be used", { modelId: id, err: error });
      return undefined;
    }
  }

  async #open(id: Id, key: string): Promise<ServedModel> {
    const bytes = await bytesOf(this.#parts.blob, key);
    if (!bytes) throw new Error("the model is missing");
    const { videoIds, table } = decodeModel(bytes);
    return new ServedModel(id, table, videoIds);
  }
}

/** One of a hundred groups of viewers. */
const bucketOf = (userId: Id): number => placeOf(`model ${userId}`, 100);
