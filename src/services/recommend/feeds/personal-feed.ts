import type { Call, Host, Id } from "#kernel";
import { type FeedPosition, servedMax } from "#policy/feed-position";
import { hotScoreOf } from "#policy/hot-score";
import type { PoolVideo } from "../pool/pool-video.ts";
import type { Exclusions } from "../exclusions/exclusion-store.ts";
import type { Models } from "../model/models.ts";
import type { Memory } from "../memory.ts";
import { usualUtility } from "../rank/ranker.ts";
import type { Settings } from "../settings.ts";
import * as signalStore from "../signals/signal-store.ts";
import type { Tables } from "../store.ts";
import * as viewerStore from "../viewers/viewer-store.ts";
import { type Candidate, candidatesFor, reasonOf, type Why } from "./candidates.ts";
import { hotValueMin, openTo } from "./common-feed.ts";
import { createDraws } from "./draws.ts";
import { chooseNewVideo, someOf } from "./exploration.ts";
import type { FollowedLikes } from "./followed-likes.ts";
import type { Choices } from "./page-log.ts";
import { SeenVideos } from "./seen-videos.ts";
import { authorSpacing, slateOf } from "./slate.ts";
import { tasteOf } from "./taste.ts";

/** The last signals of a viewer that make the taste. */
const signalsMax = 200;
/** The best candidates are ranked by what the viewer is expected to do with them. */
const rankedMax = 60;
/** With this many examples, expected acts count as much as the sources of a candidate. */
const confidentExamples = 2_000;

/** A video of a personal feed, with why it is there. */
interface PersonalSlot extends Why {
  readonly videoId: Id;
  /** How probable it was that its place has this video. */
  readonly propensity: number;
  readonly isExplored: boolean;
}

/** The next videos of a personal feed, and what they were chosen from. */
export interface PersonalPage extends Choices {
  readonly slots: readonly PersonalSlot[];
}
export const noPage: PersonalPage = { slots: [], candidates: [], authorsBefore: [] };

interface PersonalRequest {
  readonly position: FeedPosition;
  readonly exclusions: Exclusions;
  /** Asked for where the page is made for the viewer. */
  readonly findFollowed: () => Promise<{ readonly followedIds: readonly Id[]; readonly likes: FollowedLikes }>;
  readonly limit: number;
}

/** The feed that is made for a viewer, as long as there are videos that this viewer has not watched. */
export interface PersonalFeed {
  /** Videos for the next places; fewer than the limit where there are no others. */
  readonly page: (userId: Id, request: PersonalRequest, call: Call) => Promise<PersonalPage>;
}

export function createPersonalFeed(
  { db, now, random, settings: { utility } }: Pick<Host<Tables, Settings>, "db" | "now" | "random" | "settings">,
  { memory, models }: { readonly memory: Memory; readonly models: Models },
): PersonalFeed {
  const worth = { ...usualUtility, ...utility };

  /** Candidates by their score; the best are ranked by the expected actions of the viewer as well. */
  function rank(userId: Id, candidates: readonly Candidate[]): Candidate[] {
    const best = candidates.toSorted((a, b) => b.score - a.score).slice(0, rankedMax);
    const { ranker } = memory.learner;
    const share = ranker.examples / (ranker.examples + confidentExamples);
    if (share < 0.01) return best;
    const utilities = best.map(({ video }) => ranker.utility(userId, video, worth));
    const mean = utilities.reduce((sum, value) => sum + value, 0) / Math.max(1, utilities.length);
    return best.map((item, place) => ({ ...item, score: item.score + share * ((utilities[place] ?? mean) - mean) }));
  }

  return {
    async page(userId: Id, request: PersonalRequest, call: Call): Promise<PersonalPage> {
      const { position, exclusions, findFollowed } = request;
      const limit = Math.min(request.limit, servedMax - position.servedCount);
      if (position.after !== undefined || limit <= 0) return noPage;
      const reader = db.read(call);
      const [signals, settings, removed, { followedIds, likes }] = await Promise.all([
        signalStore.latestOf(reader, userId, signalsMax),
        viewerStore.settingsOf(reader, userId),
        viewerStore.removedInterestsOf(reader, userId),
        findFollowed(),
      ]);
      if (!settings.isPersonal) return noPage;
      const { pool, learner } = memory;
      const nowMs = now();
      const draw = createDraws(random);
      const seen = new SeenVideos(reader, userId, signals);
      const isAllowed = openTo(position, exclusions);
      const isOpen = (video: PoolVideo) => video.userId !== userId && !seen.has(video.videoId) && isAllowed(video);
      const model = models.for(userId);
      const taste = tasteOf(signals, { pool, learner, model, removed, nowMs });
      const viewer = { taste, followedIds, likes, weights: settings };
      let candidates = candidatesFor(viewer, { pool, isOpen, nowMs });
      let untried = pool.unproven(nowMs);
      if (signals.length === signalsMax) {
        untried = someOf(untried, draw);
        await seen.lookUp([...candidates.map(({ video }) => video), ...untried].map(({ videoId }) => videoId));
        candidates = candidates.filter(({ video }) => isOpen(video));
        if (candidates.length < limit) {
          await seen.lookUpAll();
          candidates = candidatesFor(viewer, { pool, isOpen, nowMs });
        }
      }
      const ranked = rank(userId, candidates);
      const authorsBefore = position.servedIds.flatMap((videoId) => pool.get(videoId)?.userId ?? []);
      const slots = slateOf(ranked, {
        length: limit,
        authorsBefore,
        random: draw,
        explore: (isLeft) => {
          const video = chooseNewVideo(untried, {
            learner,
            random: draw,
            isOpen: (video) => isOpen(video) && isLeft(video),
          });
          return video && { video, score: 0, parts: nothing };
        },
      });
      const why = { taste, likes, hotScoreMin: hotScoreOf(hotValueMin, nowMs) };
      return {
        slots: slots.map(({ choice, propensity, isExplored }) => ({
          videoId: choice.video.videoId,
          ...reasonOf(choice, why),
          propensity,
          isExplored,
        })),
        candidates: ranked.map(({ video, score }) => ({ videoId: video.videoId, score })),
        authorsBefore: authorsBefore.slice(1 - authorSpacing),
      };
    },
  };
}

/** Nothing speaks for a new video. */
const nothing = { similar: 0, content: 0, follow: 0, liked: 0, hot: 0, fresh: 0 } as const;
