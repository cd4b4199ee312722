import { clips } from "../../demo/clips.ts";
import { Random } from "../../test/random.ts";
import { bios, danmaku, firstNames, lastNames, remarks, replies, series } from "./words.ts";

export const sizes = {
  small: { users: 8, videos: 8, comments: 40, danmakuPerVideo: 5 },
  large: { users: 60, videos: 24, comments: 1_200, danmakuPerVideo: 15 },
} as const;
export type Size = keyof typeof sizes;
export const isSize = (name: string): name is Size => Object.hasOwn(sizes, name);

interface Account {
  readonly username: string;
  readonly nickname: string;
  readonly bio: string;
  /** Places in the list of accounts. */
  readonly follows: readonly number[];
  /** Places in the list of videos. */
  readonly likes: readonly number[];
}
interface Video {
  readonly author: number;
  /** Place in the list of clips. */
  readonly clip: number;
  readonly title: string;
  readonly description: string;
  readonly categoryId: number;
}
interface Comment {
  readonly author: number;
  readonly video: number;
  readonly content: string;
  /** Answers the latest comment of the same video, where there is one. */
  readonly isReply: boolean;
}
interface Danmaku {
  readonly author: number;
  readonly video: number;
  /** In seconds. */
  readonly position: number;
  readonly content: string;
}
export interface Plan {
  readonly accounts: readonly Account[];
  readonly videos: readonly Video[];
  readonly comments: readonly Comment[];
  readonly danmaku: readonly Danmaku[];
}

const clipSeconds = 6;

/** The content to put into a server, by a seed: the same seed, the same plan. */
export function planOf(size: Size, seed: number): Plan {
  const random = new Random(seed);
  const { users, videos: videoCount, comments: commentCount, danmakuPerVideo } = sizes[size];
  const oneOf = <T>(list: readonly T[]): T => {
    const item = random.pick(list);
    if (item === undefined) throw new Error("there is nothing to choose from");
    return item;
  };
  const some = (count: number, chance: number, but?: number): number[] =>
    Array.from({ length: count }, (_, place) => place).filter((place) => random.next() < chance && place !== but);

  const accounts = Array.from({ length: users }, (_, place): Account => {
    const first = firstNames[place % firstNames.length] ?? "";
    const last = oneOf(lastNames);
    // The round makes names unique where there are more users than first names.
    const round = Math.floor(place / firstNames.length);
    return {
      username: `${first}_${last}${round === 0 ? "" : round + 1}`.toLowerCase(),
      nickname: `${first} ${last}`,
      bio: oneOf(bios),
      follows: some(users, 0.2, place),
      // Some users like almost everything, most a few things.
      likes: some(videoCount, 0.1 + 0.8 * random.next() ** 2),
    };
  });
  const videos = Array.from({ length: videoCount }, (_, place): Video => {
    const number = place % clips.length;
    const clip = clips[number] ?? oneOf(clips);
    const round = Math.floor(place / clips.length);
    return {
      author: random.whole(0, users - 1),
      clip: number,
      title: round === 0 ? clip.title : `${clip.title}: ${oneOf(series)}`,
      description: clip.description,
      categoryId: clip.categoryId,
    };
  });
  const comments = Array.from({ length: commentCount }, (): Comment => {
    const isReply = random.next() < 0.3;
    // The first videos are talked about most.
    const video = Math.floor(videoCount * random.next() ** 2);
    return { author: random.whole(0, users - 1), video, content: oneOf(isReply ? replies : remarks), isReply };
  });
  const timed = videos.flatMap((_, video) =>
    Array.from({ length: danmakuPerVideo }, (): Danmaku => {
      const position = Math.round(random.next() * clipSeconds * 10) / 10;
      return { author: random.whole(0, users - 1), video, position, content: oneOf(danmaku) };
    }),
  );
  return { accounts, videos, comments, danmaku: timed };
}
