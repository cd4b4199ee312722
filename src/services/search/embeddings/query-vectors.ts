import { EmbeddingsUnavailable, type TextEmbeddings, TextRefused } from "./port.ts";

/** A search waits no longer for its vector: it finds words alone then. */
const patienceMs = 500;
/** After a failure no search waits for the model for this long. */
const pauseMs = 15_000;
const storedMax = 1_000;

/** The vectors of search terms; those of the last 1,000 are kept. */
export class QueryVectors {
  readonly #embeddings: TextEmbeddings;
  readonly #now: () => number;
  readonly #byTerm = new Map<string, Promise<Float32Array | undefined>>();
  #pausedUntilMs = 0;

  constructor(embeddings: TextEmbeddings, now: () => number) {
    this.#embeddings = embeddings;
    this.#now = now;
  }

  /** Undefined where the model has none for it, or none in time. */
  async of(term: string): Promise<Float32Array | undefined> {
    const cached = this.#byTerm.get(term);
    if (!cached && this.#now() < this.#pausedUntilMs) return undefined;
    const vector = cached ?? this.#embedTerm(term);
    // The last used ones stay.
    this.#byTerm.delete(term);
    this.#byTerm.set(term, vector);
    const [oldest] = this.#byTerm.keys();
    if (this.#byTerm.size > storedMax && oldest !== undefined) this.#byTerm.delete(oldest);
    return vector;
  }

  async #embedTerm(term: string): Promise<Float32Array | undefined> {
    try {
      const [vector] = await this.#embeddings.embed([term], "query", AbortSignal.timeout(patienceMs));
      return vector;
    } catch (error) {
      if (error instanceof TextRefused) return undefined;
      if (!(error instanceof EmbeddingsUnavailable)) throw error;
      this.#byTerm.delete(term);
      this.#pausedUntilMs = this.#now() + pauseMs;
      return undefined;
    }
  }
}
