import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type JsonAnswer, JsonServer } from "../servers/json-server.ts";

const dimensions = 256;

/** Words of one meaning each: what a real model has learned. */
const meanings: readonly (readonly string[])[] = [
  ["bake", "baking", "bread", "sourdough", "flour", "loaf"],
  ["guitar", "chords", "acoustic"],
  ["cat", "cats", "kitten"],
  ["bicycle", "bike", "tyre", "cycling"],
  ["football", "goals", "soccer", "penalty"],
  ["space", "rocket", "astronauts", "moon"],
  ["workout", "exercises", "equipment"],
  ["programming", "python", "variables", "loops"],
  ["car", "cars", "automobile", "automobiles", "汽车"],
  ["旅行", "云南", "住宿"],
  ["钢琴", "弹琴", "曲子"],
];
const meaningOf = new Map(meanings.flatMap((words) => words.map((word) => [word, words[0] ?? ""])));
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

const Asked = z.strictObject({
  model: z.string(),
  input: z.array(z.string().min(1)).min(1).max(2_048),
  encoding_format: z.literal("float").optional(),
});

const refusal = (status: number, message: string): JsonAnswer => ({ status, body: { error: { message } } });

/**
 * A small server of OpenAI's protocol for embeddings on loopback. Its model knows some words that have a similar
 * meaning; all others have directions of their own. Other requests are refused as these servers refuse them.
 */
export class TestEmbeddings implements AsyncDisposable {
  readonly models = new Set(["small"]);
  /** All texts that were embedded. */
  readonly texts: string[] = [];
  requests = 0;
  /** Longer texts are refused. */
  unitsMax = 10_000;
  /** Answers with it instead, where it is set. */
  failure: JsonAnswer | undefined;
  /** Fails where a request has such texts. */
  failWhen: ((texts: readonly string[]) => boolean) | undefined;
  /** The credentials that requests must have. */
  authorization: string | undefined;
  /** Answers wait for it. */
  delay: Promise<void> | undefined;
  readonly #server = new JsonServer((request) => this.#answer(request));

  get url(): string {
    return `${this.#server.origin}/v1`;
  }

  start = (): Promise<void> => this.#server.start();
  /** Its counts stay. */
  stop = (): Promise<void> => this.#server.stop();

  clear(): void {
    this.texts.length = 0;
    this.requests = 0;
    this.unitsMax = 10_000;
    this.failure = undefined;
    this.failWhen = undefined;
    this.authorization = undefined;
    this.delay = undefined;
  }

  [Symbol.asyncDispose] = () => this.stop();

  async #answer(request: IncomingMessage): Promise<JsonAnswer> {
    this.requests++;
    // A client that gives up while the answer waits has sent all of its request.
    const sent = await text(request);
    await this.delay;
    if (this.failure) return this.failure;
    if (this.authorization !== request.headers.authorization) return refusal(401, "wrong API key");
    if (request.method !== "POST" || request.url !== "/v1/embeddings") return refusal(404, "not found");
    const { data: asked, error } = Asked.safeParse(JSON.parse(sent));
    if (!asked) return refusal(400, z.prettifyError(error));
    if (!this.models.has(asked.model)) return refusal(404, `model "${asked.model}" not found`);
    if (asked.input.some(({ length }) => length > this.unitsMax)) return refusal(400, "the input is too long");
    if (this.failWhen?.(asked.input)) return refusal(500, "out of memory");
    this.texts.push(...asked.input);
    const data = asked.input.map((one, index) => ({
      object: "embedding",
      index,
      embedding: vectorOf(one, asked.model),
    }));
    // The order is that of `index`, and no other is promised.
    return { status: 200, body: { object: "list", model: asked.model, data: data.toReversed() } };
  }
}

/** The sum of the directions of its words. */
function vectorOf(one: string, model: string): number[] {
  const vector = Array<number>(dimensions).fill(0);
  for (const { segment, isWordLike } of segmenter.segment(one.toLowerCase())) {
    if (!isWordLike) continue;
    const direction = directionOf(`${model} ${meaningOf.get(segment) ?? segment}`);
    for (let n = 0; n < dimensions; n++) vector[n] = (vector[n] ?? 0) + (direction[n] ?? 0);
  }
  return vector;
}

function directionOf(word: string): number[] {
  const bits = createHash("sha256").update(word).digest();
  return Array.from({ length: dimensions }, (_, n) => ((bits[n >> 3] ?? 0) & (1 << (n & 7)) ? 1 : -1));
}
