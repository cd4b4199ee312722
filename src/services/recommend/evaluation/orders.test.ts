import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import { type Choice, slateOf } from "../feeds/slate.ts";
import { Estimator } from "./estimate.ts";
import { asServed, highestScoreFirst, mostWatchedFirst, type ServedPlace } from "./orders.ts";
import { placesOf } from "./places.ts";

describe("the places of a recorded page", () => {
  it("have the candidates that no place before them has, of authors that the last three have not", () => {
    const authors = new Map([
      [1, 50],
      [2, 50],
      [3, 51],
      [4, 52],
      [5, 53],
    ]);
    const places = placesOf({ ...page, authorsBefore: [53] }, (videoId) => authors.get(videoId));
    assert.deepEqual(
      places.map(({ videoId, isExplored, open }) => [videoId, isExplored, open.map((one) => one.videoId)]),
      [
        [3, false, [1, 2, 3, 4]],
        [9, true, [1, 2, 4]],
        [1, false, [1, 2, 4]],
      ],
      "the fourth place is the same for everybody",
    );
    assert.equal(places[0]?.open[0]?.score, 0.9);
    const later = { ...page, videoIds: [1, 3, 4, 5, 2], propensities: [0.5, 0.5, 0.5, 0.5, 0.5] };
    assert.deepEqual(
      placesOf(later, (videoId) => authors.get(videoId)).map(({ open }) => open.map((one) => one.videoId)),
      [[1, 2, 3, 4, 5], [3, 4, 5], [4, 5], [5], [2]],
      "the author of 1 and 2 is in no two of four places",
    );
  });

  it("have a weight for an order that has the same video there, save for new videos that were tried", () => {
    const places = placesOf(page, (videoId) => 100 + videoId);
    const watchers = (videoId: number, beforeMs: number) => (videoId === 3 && beforeMs === 1_000 ? 5 : 1);
    assert.deepEqual(places.map(asServed), [1, 1, 1]);
    assert.deepEqual(places.map(highestScoreFirst), [0, 0, 4]);
    assert.deepEqual(places.map(mostWatchedFirst(watchers)), [2, 0, 4]);
    const [tried] = placesOf({ ...page, videoIds: [1], exploredPlaces: [0] }, (videoId) => 100 + videoId);
    assert.deepEqual(tried && [asServed(tried), highestScoreFirst(tried)], [1, 0], "its score did not decide");
  });
});

describe("orders that were not served", () => {
  it("have estimates whose intervals hold what they are worth, unlike the means of what was served", () => {
    const counts = { highest: 0, watched: 0, served: 0, matching: 0 };
    for (let run = 0; run < runs; run++) {
      const places = simulated(100 + run);
      const highest = estimateOf(places, highestScoreFirst);
      const watched = estimateOf(places, mostWatchedFirst(watchersOf));
      assert.ok(highest.effectivePlaces > 200 && watched.effectivePlaces > 100);
      const isIn = (value: number, { low, high }: { low: number; high: number }) => value >= low && value <= high;
      const truth = (order: (place: ServedPlace) => number) =>
        meanOf(places.map(({ place, worth }) => worth(chosenBy(order, place))));
      if (isIn(truth(highestScoreFirst), highest)) counts.highest++;
      if (isIn(truth(mostWatchedFirst(watchersOf)), watched)) counts.watched++;
      // The mean of all places, and that of those where the feed happened to have what the order has.
      if (isIn(meanOf(places.map(({ utility }) => utility)), highest)) counts.served++;
      const matching = places.filter(({ place }) => highestScoreFirst(place) > 0);
      if (isIn(meanOf(matching.map(({ utility }) => utility)), highest)) counts.matching++;
    }
    const text = JSON.stringify(counts);
    assert.ok(counts.highest >= 0.85 * runs && counts.watched >= 0.85 * runs, text);
    assert.ok(counts.served === 0 && counts.matching === 0, text);
  });

  it("are worth the plain mean where the order is the one that was served", () => {
    const places = simulated(5);
    const { value } = estimateOf(places, asServed);
    assert.ok(Math.abs(value - meanOf(places.map(({ utility }) => utility))) < 1e-12);
  });
});

const runs = 20;
const page = {
  userId: 7,
  modelId: null,
  servedAtMs: 1_000,
  videoIds: [3, 9, 1, 5],
  propensities: [0.5, 0.08, 0.25, 1],
  candidateIds: [1, 2, 3, 4, 5],
  candidateScores: [900, 800, 700, 600, 500],
  authorsBefore: [],
  exploredPlaces: [1],
};

const candidates = 12;
/** The third candidate is the most watched one, those beside it come after it. */
const watchersOf = (videoId: number): number => 100 - Math.abs(videoId - 3);

interface Served {
  readonly place: ServedPlace;
  readonly userId: number;
  readonly utility: number;
  /** The value of a video in this place. */
  readonly worth: (videoId: number) => number;
}

/**
 * Pages of the feed's own draws. Every other user has a taste that scores know well, and their best is nearly always
 * served; those of the others say nothing, and their best is as good as any.
 */
function simulated(seed: number): Served[] {
  const numbers = new Random(seed);
  const random = () => numbers.next();
  const all: Served[] = [];
  for (let userId = 0; userId < 400; userId++) {
    const isKnown = userId % 2 === 0;
    const choices = Array.from({ length: candidates }, (_, n) =>
      choiceOf(n + 1, isKnown ? 0.5 - 0.06 * n : 0.5 - 0.001 * n),
    );
    const worth = (videoId: number) => (isKnown ? 1 - 0.15 * (videoId - 1) : 0.2 + 0.02 * videoId);
    const slots = slateOf(choices, { length: 4, authorsBefore: [], random, explore: () => choiceOf(90, 0) });
    const places = placesOf(
      {
        ...page,
        userId,
        videoIds: slots.map(({ choice }) => choice.video.videoId),
        propensities: slots.map(({ propensity }) => propensity),
        candidateIds: choices.map(({ video }) => video.videoId),
        candidateScores: choices.map(({ score }) => Math.round(1_000 * score)),
        exploredPlaces: slots.flatMap(({ isExplored }, place) => (isExplored ? [place] : [])),
      },
      (videoId) => 100 + videoId,
    );
    for (const place of places)
      all.push({ place, userId, worth, utility: worth(place.videoId) + 0.4 * (random() - 0.5) });
  }
  return all;
}

/** The video that an order has in a place: of the open ones the one with a weight. */
function chosenBy(order: (place: ServedPlace) => number, place: ServedPlace): number {
  const chosen = place.open.find(({ videoId }) => order({ ...place, videoId, isExplored: false }) > 0);
  return chosen?.videoId ?? 0;
}

function estimateOf(places: readonly Served[], order: (place: ServedPlace) => number) {
  const estimator = new Estimator();
  for (const { place, userId, utility } of places) estimator.add({ userId, weight: order(place), utility });
  const numbers = new Random(3);
  return estimator.estimate(() => numbers.next());
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

const choiceOf = (videoId: number, score: number): Choice => ({
  score,
  video: {
    videoId,
    userId: 100 + videoId,
    publishedAtMs: 0,
    durationMs: 60_000,
    categoryId: null,
    hotScore: 0,
    impressionCount: 0,
    tags: [],
  },
});
