import type { ViewSource } from "../src/events/interaction.ts";
import type { Id } from "../src/kernel/index.ts";
import { idTimeMs } from "../src/kernel/ids/id.ts";
import { interaction, retentionBuckets } from "../src/services/interaction/contract.ts";
import { video } from "../src/services/video/contract.ts";
import type { Accounts } from "./accounts.ts";
import { between, createRandom, times } from "./art/random.ts";
import { secondsOf } from "./art/film.ts";
import { type Clip, clips, filmOf } from "./clips.ts";
import type { DemoHost } from "./host.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const sources: readonly (readonly [ViewSource, number])[] = [
  ["feed", 0.38],
  ["explore", 0.22],
  ["following", 0.12],
  ["search", 0.09],
  ["related", 0.08],
  ["profile", 0.06],
  ["share", 0.05],
];

/**
 * Views per day since a clip was published: most come at first and fade, and a share comes in the last two days, as where a
 * video has become a hit. Pure.
 */
export function viewsPerDay(
  { views, trend }: Pick<Clip, "views" | "trend">,
  firstDay: number,
  today: number,
): { day: number; views: number }[] {
  const weights = times(today - firstDay + 1, (age) => {
    const fading = Math.exp(-age / 3.5) + 0.06;
    return firstDay + age >= today - 1 ? fading + trend * 1.4 : fading;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, age) => ({ day: firstDay + age, views: Math.round((views * weight) / sum) }));
}

/** The share of viewers who are still there, in each hundredth of the length. Pure. */
const retentionOf = (seed: number): number[] => {
  const random = createRandom(seed);
  const end = between(random, 0.34, 0.62);
  return times(retentionBuckets, (i) => {
    const t = i / (retentionBuckets - 1);
    return Math.round((end + (1 - end) * Math.exp(-4.2 * t) - 0.1 * t * t + 0.02 * Math.sin(t * 19)) * 1000) / 1000;
  }).map((share) => Math.min(1, Math.max(0, share)));
};

/** Gives a published clip its past: its age, views, likes, comments and danmaku. Repeated, it adds nothing. */
export async function addAudience(host: DemoHost, clip: Clip, videoId: Id, accounts: Accounts): Promise<void> {
  const { client, call } = host;
  const seed = clips.indexOf(clip) + 1;
  const random = createRandom(seed * 104_729);
  const owner = accounts.get(clip.author) ?? 0;
  // The same in each attempt, so that a repeat is the same request.
  const madeAtMs = idTimeMs(videoId);
  const publishedAtMs = madeAtMs - clip.ageHours * hourMs;
  await client(video).backdate({ id: videoId, publishedAtMs }, call());
  const comments = await addComments(host, clip, videoId, accounts);
  const fans = [...accounts.values()].filter((id) => id !== owner && random() < 0.16 + clip.views / 1_500);
  const spread = (place: number, count: number): number =>
    Math.round(publishedAtMs + clip.ageHours * hourMs * ((place + 1) / (count + 1.2)) ** 1.4);
  const retention = retentionOf(seed);
  const mean = retention.reduce((sum, share) => sum + share, 0) / retentionBuckets;
  const days = viewsPerDay(clip, Math.floor(publishedAtMs / dayMs), Math.floor(madeAtMs / dayMs));
  await client(interaction).importActivity(
    {
      id: videoId,
      days: days.flatMap(({ day, views }) =>
        sources.map(([source, share]) => ({ day, source, views: Math.round(views * share) })),
      ),
      averageViewMs: Math.round(secondsOf(filmOf(clip)) * 1_000 * mean),
      retention,
      likes: fans.map((userId, place) => ({ userId, atMs: spread(place, fans.length) })),
      comments: comments.map((id, place) => ({ id, atMs: spread(place, comments.length) })),
    },
    call({ userId: owner, idempotencyKey: `demo.${clip.name}` }),
  );
  for (const [place, [seconds, content]] of clip.danmaku.entries()) {
    const userId = fans[(place * 3 + seed) % Math.max(1, fans.length)] ?? owner;
    const color = [0xffffff, 0xffffff, 0xffe08a, 0x9be8ff, 0xffb3c8][(place + seed) % 5] ?? 0xffffff;
    await client(interaction).sayAt(
      { id: videoId, positionMs: seconds * 1_000, content, color },
      call({ userId, role: "user", idempotencyKey: `demo.${clip.name}.at${place}` }),
    );
  }
}

/** Comments with their replies and likes; yields their ids in order. */
async function addComments({ client, call }: DemoHost, clip: Clip, id: Id, accounts: Accounts): Promise<Id[]> {
  const everybody = [...accounts.values()];
  const ids: Id[] = [];
  const say = async (by: string, content: string, parentId?: Id): Promise<Id> => {
    const userId = accounts.get(by) ?? 0;
    const said = await client(interaction).say(
      { id, content, ...(parentId !== undefined && { parentId }) },
      call({ userId, role: "user", idempotencyKey: `demo.${clip.name}.${ids.length}` }),
    );
    ids.push(said.id);
    return said.id;
  };
  for (const [place, { by, text, replies = [] }] of clip.comments.entries()) {
    const commentId = await say(by, text);
    for (const [author, reply] of replies) await say(author, reply, commentId);
    const fans = everybody.filter((_, i) => (i * 7 + place * 5 + clip.ageHours) % 9 < 3 - place);
    for (const userId of fans) await client(interaction).likeComment({ id: commentId }, call({ userId, role: "user" }));
  }
  return ids;
}
