import type { Id } from "#kernel";
import type { VideoPool } from "../pool/video-pool.ts";
import { Ranker } from "../rank/ranker.ts";
import { isCompleted, isSkip, type Signal, tasteMin, utilityOf } from "../signals/signal.ts";
import { type CoVisitRow, CoVisits } from "./co-visits.ts";
import { RecentLikes } from "./recent-likes.ts";
import { trustOf } from "../model/trust.ts";

/** A signal counts once nothing was added to it for this long: then the viewer is at another video. */
const settledMs = 60_000;
/** Pairs of user and video that were learned, of which nothing is learned again. */
const learnedMax = 200_000;
/** Below this trust an account teaches nothing. */
const trustMin = 0.05;

/** The views, completions and skips of a video; each account counts by its trust. */
export interface VideoRecord {
  views: number;
  completions: number;
  skips: number;
}

/** Learns from signals in their order: which videos go together, how each one does, and what a viewer will do with it. */
export class Learner {
  readonly ranker = new Ranker();
  readonly likes = new RecentLikes();
  /** Called with each signal that is learned from now on. */
  learned: ((signal: Signal) => void) | undefined;
  readonly #pool: VideoPool;
  readonly #records = new Map<Id, VideoRecord>();
  readonly #waiting = new Map<string, Signal>();
  readonly #learned = new Set<string>();
  #coVisits: CoVisits | undefined;
  #views = 0;
  #completions = 0;

  constructor(pool: VideoPool) {
    this.#pool = pool;
  }

  /** The share of views that are completions on this site; a half before there are many. */
  get usualCompletion(): number {
    return (this.#completions + 10) / (this.#views + 20);
  }

  recordOf(videoId: Id): Readonly<VideoRecord> {
    return this.#records.get(videoId) ?? { views: 0, completions: 0, skips: 0 };
  }

  coVisitsOf(videoId: Id, nowMs: number): CoVisitRow | undefined {
    return this.#coVisits?.of(videoId, nowMs);
  }

  /** Takes a signal, and learns from it once it is settled. */
  add(signal: Signal, nowMs: number): void {
    this.likes.add(signal);
    const pair = `${signal.userId} ${signal.videoId}`;
    if (this.#learned.has(pair)) return;
    this.#waiting.set(pair, signal);
    if (nowMs - signal.changedAtMs >= settledMs) this.#learn(pair, signal, nowMs);
  }

  /** Learns from the signals that are settled by now. */
  settle(nowMs: number): void {
    for (const [pair, signal] of this.#waiting)
      if (nowMs - signal.changedAtMs >= settledMs) this.#learn(pair, signal, nowMs);
  }

  #learn(pair: string, signal: Signal, nowMs: number): void {
    this.#waiting.delete(pair);
    this.#learned.add(pair);
    const [oldest] = this.#learned.size > learnedMax ? this.#learned : [];
    if (oldest !== undefined) this.#learned.delete(oldest);
    const video = this.#pool.get(signal.videoId);
    // Authors say nothing about their own videos.
    if (!video || video.userId === signal.userId) return;
    const siteSinceMs = this.#pool.newest.all.at(-1)?.publishedAtMs ?? nowMs;
    const trust = trustOf(signal.userId, { nowMs, siteSinceMs });
    if (trust < trustMin) return;
    this.#count(signal, trust);
    this.learned?.(signal);
    this.ranker.learn(signal, video);
    const utility = utilityOf(signal);
    if (utility < tasteMin) return;
    this.#coVisits ??= new CoVisits(nowMs);
    this.#coVisits.add(signal.userId, signal.videoId, utility * trust, signal.changedAtMs);
  }

  #count(signal: Signal, trust: number): void {
    const record = this.#records.get(signal.videoId) ?? { views: 0, completions: 0, skips: 0 };
    this.#records.set(signal.videoId, record);
    record.views += trust;
    this.#views += trust;
    if (isCompleted(signal)) {
      record.completions += trust;
      this.#completions += trust;
    } else if (isSkip(signal)) record.skips += trust;
  }
}
