import type { TextEmbeddings, TextRole } from "#services/search/embeddings/port";

const dimensions = 768;
const [lettersMin, lettersMax] = [3, 5];

/**
 * Vectors that need no model: character n-grams of the words of a text, each hashed to a random direction. They are
 * weighted by how rare they are among the searched texts (random indexing: Kanerva and others, 2000). For comparison
 * alone.
 */
export class HashedEmbeddings implements TextEmbeddings {
  readonly model = "hashed character n-grams";
  /** How many texts have an n-gram. */
  readonly #texts = new Map<number, number>();
  readonly #count: number;

  constructor(texts: readonly string[]) {
    this.#count = texts.length;
    for (const text of texts)
      for (const gram of new Set(gramsOf(text))) this.#texts.set(gram, (this.#texts.get(gram) ?? 0) + 1);
  }

  async embed(texts: readonly string[], _role: TextRole): Promise<Float32Array[]> {
    return texts.map((text) => this.#vectorOf(text));
  }

  #vectorOf(text: string): Float32Array {
    const counts = new Map<number, number>();
    for (const gram of gramsOf(text)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
    const vector = new Float32Array(dimensions);
    for (const [gram, count] of counts) {
      const weight = (1 + Math.log(count)) * Math.log((this.#count + 1) / ((this.#texts.get(gram) ?? 0) + 1));
      let state = gram | 1;
      for (let n = 0; n < 24; n++) {
        // xorshift: places and signs of a sparse direction.
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        const place = (state >>> 1) % dimensions;
        vector[place] = (vector[place] ?? 0) + (state & 1 ? weight : -weight);
      }
    }
    return vector;
  }
}

/** Hashes of the n-grams of each word, with its edges. */
function gramsOf(text: string): number[] {
  const grams: number[] = [];
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const edged = ` ${word} `;
    for (let letters = lettersMin; letters <= lettersMax; letters++)
      for (let from = 0; from + letters <= edged.length; from++) grams.push(hashOf(edged, from, from + letters));
  }
  return grams;
}

/** FNV-1a. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
