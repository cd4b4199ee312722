import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../../instance/instance.ts";
import { until } from "../../until.ts";
import { type Answer, patiently, Person, Unanswered } from "../../users/person.ts";
import type { Random } from "../../random.ts";
import { rows } from "../../instance/tables.ts";

/** By what the videos that the same users watched go together. */
export type Grouping = "parity" | "half";

interface Load {
  end(): Promise<void>;
}

/** As few as a model can be trained of, and some more. */
const videosCount = 104;
const usersCount = 120;
/** Generated users have small numbers, so that their accounts are old. */
const firstUser = 1_000;
/** Visits from so long ago weigh nothing: what goes together is known by the model alone. */
const watchedBeforeMs = 60 * 24 * 3_600_000;
const likedCount = 12;
/** The first neighbours of a video; further ones may be of the other group. */
const neighboursCount = 10;

/** Videos that generated users watched in two groups, and others that a viewer likes while the server is killed. */
export class WatchedVideos {
  readonly #author: Person;
  readonly #viewer: Person;
  readonly #random: Random;
  readonly #ids: number[] = [];
  /** True if the viewer likes a video, as acknowledged. */
  readonly #likes = new Map<number, boolean>();
  #unanswered: number | undefined;
  acknowledged = 0;
  /** Pages with what goes with a video, and of feeds. */
  answered = 0;

  constructor(url: string, random: Random) {
    this.#author = new Person(url);
    this.#viewer = new Person(url);
    this.#random = random;
  }

  async publish(): Promise<void> {
    for (const person of [this.#author, this.#viewer]) await person.signUp();
    const clip = await readFile(join(import.meta.dirname, "../../media/one-frame.mp4"));
    const { data } = await this.#author.upload(clip);
    for (let n = 0; n < videosCount + likedCount; n++) {
      const body = { title: `Video ${n}`, media_id: Number(data["id"]) };
      const answer = await this.#author.ask("POST", "/videos", { key: `video-${n}`, body });
      assert.ok(answer.status < 300, `${answer.status} ${answer.error}`);
      const id = Number(answer.data["id"]);
      if (n < videosCount) this.#ids.push(id);
      else this.#likes.set(id, false);
    }
  }

  /** Replaces what generated users watched: each watched half of the videos of a group. */
  async watchedBy(instance: Instance, grouping: Grouping): Promise<void> {
    const pairs = Array.from({ length: usersCount }, (_, user) =>
      this.#ids
        .filter((_id, place) => groupOf(place, grouping) === user % 2 && this.#random.next() < 0.5)
        .map((videoId) => ({ userId: firstUser + user, videoId })),
    ).flat();
    const { data } = instance;
    await rows(data, "recommend", "DELETE FROM signals WHERE user_id BETWEEN $1 AND $2", [
      firstUser,
      firstUser + usersCount,
    ]);
    await rows(
      data,
      "recommend",
      `INSERT INTO signals (user_id, video_id, watched_ms, length_ms, is_finished, began_at_ms, changed_at_ms, changed_tx)
       SELECT user_id, video_id, 60000, 60000, true, $3, $3, pg_current_xact_id()::text::bigint
       FROM unnest($1::bigint[], $2::bigint[]) AS pair (user_id, video_id)`,
      [pairs.map(({ userId }) => userId), pairs.map(({ videoId }) => videoId), Date.now() - watchedBeforeMs],
    );
  }

  /** The groupings by which the neighbours of a video are of its group; none where it has no neighbours. */
  async groupings(): Promise<Grouping[]> {
    const place = this.#random.whole(0, this.#ids.length - 1);
    const page = await this.#viewer.get(`/videos/${this.#ids[place]}/related?limit=50`);
    const places = (page["list"] as { id: number; reason: string }[]) // A page of a feed.
      .filter(({ reason }) => reason === "similar")
      .slice(0, neighboursCount)
      .map(({ id }) => this.#ids.indexOf(id));
    this.answered++;
    if (places.length === 0) return [];
    assert.equal(places.length, neighboursCount, `video ${place} has the neighbours ${places.join(", ")}`);
    const groupings = (["parity", "half"] as const).filter((grouping) =>
      places.every((other) => groupOf(other, grouping) === groupOf(place, grouping)),
    );
    assert.ok(groupings.length > 0, `video ${place} has the neighbours ${places.join(", ")} of no model`);
    return groupings;
  }

  /** Settles once a model serves, which a process loads when it is asked; yields by which grouping it was trained. */
  async model(): Promise<Grouping> {
    const counts = { parity: 0, half: 0 };
    // All neighbours of one video may be of its group in both groupings.
    await until(async () => {
      for (const grouping of await this.groupings()) counts[grouping]++;
      return Math.max(counts.parity, counts.half) >= 5 && counts.parity !== counts.half;
    });
    return counts.parity > counts.half ? "parity" : "half";
  }

  /** Likes and takes likes back until the server dies. */
  likes(): Load {
    const acts = untilDeath(() => this.#like(this.#random.pick([...this.#likes.keys()]) ?? 0));
    return { end: () => acts };
  }

  /** Asks for pages until it is ended or the server dies; each of them is whole. */
  reads(): Load {
    let isOver = false;
    const reads = untilDeath(
      async () => {
        await this.groupings();
        await this.feed();
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
      () => isOver,
    );
    return {
      async end() {
        isOver = true;
        await reads;
      },
    };
  }

  async feed(): Promise<void> {
    const { list } = await this.#viewer.get("/recommend/feed?limit=10");
    assert.equal((list as object[]).length, 10); // A page of a feed.
    this.answered++;
  }

  hangUp(): void {
    for (const person of [this.#author, this.#viewer]) person.hangUp();
  }

  /** Repeats what was not answered. */
  async repeat(): Promise<void> {
    if (this.#unanswered !== undefined) await this.#like(this.#unanswered);
  }

  /** Every acknowledged like is among the signals of the viewer, and none that was taken back. */
  async areFound(): Promise<void> {
    const { list } = await this.#viewer.get("/recommend/signals?page_size=100");
    const liked = (list as { video_id: number; is_liked: boolean }[]) // Signals.
      .filter(({ is_liked: isLiked }) => isLiked)
      .map(({ video_id: id }) => id);
    const acknowledged = [...this.#likes].filter(([, isLiked]) => isLiked).map(([id]) => id);
    assert.deepEqual(new Set(liked), new Set(acknowledged));
  }

  async #like(id: number): Promise<void> {
    const isLiked = this.#likes.get(id) !== true;
    this.#unanswered = id;
    const answer: Answer = await patiently(() =>
      this.#viewer.ask(isLiked ? "POST" : "DELETE", `/videos/${id}/like`, { key: `like-${this.acknowledged}` }),
    );
    assert.ok(answer.status < 300, `${answer.status} ${answer.error}`);
    this.#unanswered = undefined;
    this.acknowledged++;
    this.#likes.set(id, isLiked);
  }
}

const groupOf = (place: number, grouping: Grouping): number =>
  grouping === "parity" ? place % 2 : Math.floor((2 * place) / videosCount);

async function untilDeath(act: () => Promise<void>, isOver: () => boolean = () => false): Promise<void> {
  try {
    while (!isOver()) await act();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
}
