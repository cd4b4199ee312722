/** The role of a text for its model: some models expect different prefixes for search terms and for documents. */
export type TextRole = "query" | "document";

/** A model that makes vectors of texts: texts of like meaning have vectors of like direction. */
export interface TextEmbeddings {
  /** Vectors of two models, or of two forms of the texts, cannot be compared: their names differ. */
  readonly model: string;
  /**
   * The vectors of texts, all of the same length.
   * @throws EmbeddingsUnavailable, TextRefused
   */
  embed(texts: readonly string[], role: TextRole, signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** No answer that says anything of the texts: others would have none either. */
export class EmbeddingsUnavailable extends Error {
  override readonly name = "EmbeddingsUnavailable";
}

/** The model does not take one of the texts: most often it is too long. */
export class TextRefused extends Error {
  override readonly name = "TextRefused";
}
