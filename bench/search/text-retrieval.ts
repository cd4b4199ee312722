import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Texts that are searched, questions, and which texts answer each. */
export interface Retrieval {
  readonly texts: readonly { readonly id: number; readonly title: string; readonly text: string }[];
  readonly questions: readonly { readonly text: string; readonly answers: ReadonlySet<number> }[];
}

interface Line {
  readonly _id: string;
  readonly title: string;
  readonly text: string;
}

/** Abstracts and claims in the form of BEIR. */
export async function scifact(folder: string): Promise<Retrieval> {
  const read = async (file: string) => (await readFile(join(folder, "scifact", file), "utf8")).trim().split("\n");
  const lines = async (file: string) => (await read(file)).map((line) => JSON.parse(line) as Line); // As BEIR describes it.
  const answers = new Map<string, Set<number>>();
  for (const line of (await read("scifact-qrels.tsv")).slice(1)) {
    const [query = "", text = "", relevance] = line.split("\t");
    if (Number(relevance) > 0) answers.set(query, (answers.get(query) ?? new Set()).add(Number(text)));
  }
  const texts = (await lines("scifact-corpus.jsonl")).map(({ _id, title, text }) => ({ id: Number(_id), title, text }));
  const questions = (await lines("scifact-queries.jsonl")).flatMap(({ _id, text }) => {
    const answerIds = answers.get(_id);
    return answerIds ? [{ text, answers: answerIds }] : [];
  });
  return { texts, questions };
}

/**
 * Chinese searches for videos: the first search that led to a video is the question, the others that led to it are the
 * answers.
 */
export async function videoQueries(folder: string): Promise<Retrieval & { readonly questionIds: readonly number[] }> {
  const text = await readFile(join(folder, "video-queries-zh/queries.tsv"), "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .map(([id, title = "", video = ""]) => ({ id: Number(id), title, video }));
  const byVideo = [...Map.groupBy(rows, ({ video }) => video).values()].filter(({ length }) => length > 1);
  return {
    texts: rows.map(({ id, title }) => ({ id, title, text: "" })),
    questions: byVideo.map(([question, ...otherRows]) => ({
      text: question?.title ?? "",
      answers: new Set(otherRows.map(({ id }) => id)),
    })),
    questionIds: byVideo.map(([question]) => question?.id ?? 0),
  };
}

/** As trec_eval computes it: the gain of an answer counts less the lower it stands. */
export function ndcg(ids: readonly number[], answers: ReadonlySet<number>, width: number): number {
  let [gain, best] = [0, 0];
  for (const [place, id] of ids.slice(0, width).entries()) if (answers.has(id)) gain += 1 / Math.log2(place + 2);
  for (let place = 0; place < Math.min(width, answers.size); place++) best += 1 / Math.log2(place + 2);
  return gain / best;
}

export const recall = (ids: readonly number[], answers: ReadonlySet<number>, width: number): number =>
  ids.slice(0, width).filter((id) => answers.has(id)).length / answers.size;

export function reciprocalRank(ids: readonly number[], answers: ReadonlySet<number>, width: number): number {
  const place = ids.slice(0, width).findIndex((id) => answers.has(id));
  return place < 0 ? 0 : 1 / (place + 1);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
