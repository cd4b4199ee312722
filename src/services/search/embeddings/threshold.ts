import { cosine } from "./stored-vector.ts";
import type { TextEmbeddings } from "./port.ts";

/** Search terms, each with the title of a video that it means: so near are texts that belong together to a model. */
const pairs: readonly (readonly [query: string, title: string])[] = [
  ["how to bake bread", "Sourdough for beginners: from flour to a crisp loaf"],
  ["guitar lessons", "Learn your first three chords on an acoustic guitar"],
  ["funny cats", "My kitten falls off the sofa again and again"],
  ["repair a bicycle", "Changing a flat tyre on your bike in five minutes"],
  ["football highlights", "All goals of the cup final, with the penalty shoot-out"],
  ["space travel", "The rocket that will bring astronauts to the Moon"],
  ["home workout", "Fifteen minutes of exercises without any equipment"],
  ["learn programming", "Python course, part 1: variables and loops"],
  ["家常菜做法", "红烧肉的简单做法，入口即化"],
  ["旅行攻略", "第一次去云南玩五天的路线和住宿"],
  ["钢琴教学", "零基础学弹琴：右手的第一首曲子"],
  ["手机评测", "新款智能手机的相机和续航到底怎么样"],
];

/**
 * The least similarity at which a model calls a text near to a search term: halfway between pairs that belong together and
 * pairs that do not. Models differ too much for one number: some put everything above 0.7. Above 1, so that nothing is near,
 * where they are alike to the model.
 * @throws EmbeddingsUnavailable, TextRefused
 */
export async function thresholdOf(embeddings: TextEmbeddings, signal: AbortSignal): Promise<number> {
  const [queries, titles] = await Promise.all([
    embeddings.embed(
      pairs.map(([query]) => query),
      "query",
      signal,
    ),
    embeddings.embed(
      pairs.map(([, title]) => title),
      "document",
      signal,
    ),
  ]);
  const [related, unrelated] = [[] as number[], [] as number[]];
  for (const [n, query] of queries.entries())
    for (const [m, title] of titles.entries()) (n === m ? related : unrelated).push(cosine(query, title));
  const [high, low] = [mean(related), mean(unrelated)];
  return high > low ? (high + low) / 2 : 2;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
