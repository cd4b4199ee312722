import { createHash } from "node:crypto";
import type { Id } from "#kernel";
import { type Horizon, horizonOf, isContinued } from "#kernel/db/changes";
import { documentKind } from "../documents/documents.ts";
import {
  changedBetween,
  changedSince,
  firstRow,
  type MemoryRow,
  rowsOf,
  visibleAfter,
} from "../documents/memory-store.ts";
import { batchMax, rowBatches, rowsByKey } from "../documents/row-batches.ts";
import type { HostDb } from "../store.ts";
import { embeddedText } from "./embedded-text.ts";
import { type TextEmbeddings, TextRefused } from "./port.ts";
import { type StoredVector, storedVector } from "./stored-vector.ts";
import { thresholdOf } from "./threshold.ts";
import * as vectorStore from "./vector-store.ts";

/** The limits of one request; without a graphics card, a model takes some seconds for this many texts. */
const textsMax = 32;
const requestMs = 120_000;
/** A shorter text says too little of a video. */
const unitsMin = 100;

const idOf = ({ id }: MemoryRow): Id => id;

interface Text {
  readonly videoId: Id;
  readonly text: string;
  readonly textHash: string;
}

/**
 * Keeps a vector for each public video. It follows `search.documents` from its last position, and starts anew for
 * another model. A change of other fields, such as the views, keeps the vector.
 */
export class VectorFeed {
  readonly #db: HostDb;
  readonly #embeddings: TextEmbeddings;

  constructor(db: HostDb, embeddings: TextEmbeddings) {
    this.#db = db;
    this.#embeddings = embeddings;
  }

  /** True if videos may have changed since the last run. */
  async isBehind(): Promise<boolean> {
    const { horizon: lastHorizon } = (await vectorStore.modelState(this.#db, this.#embeddings.model)) ?? {};
    const horizon = await horizonOf(this.#db, "search.documents");
    if (!lastHorizon || !isContinued(lastHorizon, horizon)) return true;
    return (await changedSince(this.#db, lastHorizon.endedTx, 1, horizon.endedTx)) > 0;
  }

  /**
   * Brings the vectors up to date. One process at a time does. A first filling that was interrupted begins anew, and embeds
   * no text again. @throws EmbeddingsUnavailable
   */
  async follow(signal: AbortSignal): Promise<void> {
    const { model } = this.#embeddings;
    const horizon = await horizonOf(this.#db, "search.documents");
    const { horizon: lastHorizon, threshold = await this.#threshold(signal) } =
      (await vectorStore.modelState(this.#db, model)) ?? {};
    const keep = (state: vectorStore.ModelState) => this.#db.tx((tx) => vectorStore.keepModelState(tx, model, state));
    if (!lastHorizon) await keep({ threshold });
    for await (const rows of lastHorizon && isContinued(lastHorizon, horizon)
      ? this.#readChanged(lastHorizon, horizon)
      : this.#all())
      await this.#embed(rows, signal);
    await keep({ threshold, horizon });
  }

  #all = () => rowBatches((from) => visibleAfter(this.#db, from, batchMax, documentKind.video), firstRow);

  async *#readChanged(lastHorizon: Horizon, { endedTx: beforeTx }: Horizon): AsyncGenerator<readonly MemoryRow[]> {
    const keys = await changedBetween(this.#db, { fromTx: lastHorizon.endedTx, beforeTx });
    const videos = keys.filter(({ kind }) => kind === documentKind.video);
    yield* rowsByKey(videos, (some) => rowsOf(this.#db, some));
  }

  #threshold = (signal: AbortSignal) =>
    thresholdOf(this.#embeddings, AbortSignal.any([signal, AbortSignal.timeout(requestMs)]));

  /** Vectors of the visible ones of these videos; the others lose theirs. */
  async #embed(rows: readonly MemoryRow[], signal: AbortSignal): Promise<void> {
    const { model } = this.#embeddings;
    const [visible, hidden] = [rows.filter((row) => row.isVisible), rows.filter((row) => !row.isVisible)];
    if (hidden.length > 0) await this.#db.tx((tx) => vectorStore.remove(tx, hidden.map(idOf)));
    const hashes = await vectorStore.hashesOf(this.#db, model, visible.map(idOf));
    const texts = visible.map((row): Text => {
      const text = embeddedText(row);
      return { videoId: row.id, text, textHash: createHash("sha256").update(text).digest("base64url").slice(0, 22) };
    });
    const changed = texts.filter(({ videoId, textHash }) => hashes.get(videoId) !== textHash);
    for (let at = 0; at < changed.length; at += textsMax) {
      signal.throwIfAborted();
      const some = changed.slice(at, at + textsMax);
      const vectors = await this.#vectorsOf(
        some.map(({ text }) => text),
        signal,
      );
      const videos = some.map(({ videoId, textHash }, n) => ({ videoId, textHash, vector: vectors[n] ?? null }));
      await this.#db.tx((tx) => vectorStore.put(tx, model, videos));
    }
  }

  /** A text that is refused is halved until the model takes it: how long it may be differs. */
  async #vectorsOf(texts: readonly string[], signal: AbortSignal): Promise<(StoredVector | undefined)[]> {
    if (texts.every((text) => text === "")) return texts.map(() => undefined);
    try {
      const ended = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
      return (await this.#embeddings.embed(texts, "document", ended)).map(storedVector);
    } catch (error) {
      if (!(error instanceof TextRefused)) throw error;
      const [first = ""] = texts;
      if (texts.length === 1 && first.length <= unitsMin) return [undefined];
      const parts =
        texts.length > 1 ? texts.map((text) => [text]) : [[first.slice(0, first.length / 2).toWellFormed()]];
      const vectors: (StoredVector | undefined)[] = [];
      for (const part of parts) vectors.push(...(await this.#vectorsOf(part, signal)));
      return vectors;
    }
  }
}
