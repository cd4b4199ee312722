import { type Estimate, isEnough } from "./estimate.ts";
import type { Evaluation } from "./evaluation.ts";

/** Users with a test, without whom a list's accuracy is chance. */
const testedUsersMin = 20;

/** The evaluation for people, line by line. Pure. */
export function reportOf(evaluation: Evaluation): string[] {
  const { signals, isCut, users, videos } = evaluation;
  return [
    `${count(signals)} signals of ${count(users)} users about ${count(videos)} videos${isCut ? "; older signals were left out" : ""}.`,
    "",
    ...listLines(evaluation),
    "",
    ...orderLines(evaluation),
    "",
    ...modelLines(evaluation),
  ];
}

function listLines({ lists: { users, rows } }: Evaluation): string[] {
  const about = "WHAT USERS LIKED LATER: the last tenth of each user's liked videos, looked for among all others";
  if (users < testedUsersMin)
    return [about, `  The log is too small: ${users} users liked five videos, and ${testedUsersMin} are needed.`];
  return [
    `${about} (${count(users)} users).`,
    ...table(
      ["list", "Recall@20", "NDCG@20"],
      rows.map(({ list, accuracy }) =>
        accuracy ? [list, accuracy.recall.toFixed(4), accuracy.ndcg.toFixed(4)] : [list, "none yet", ""],
      ),
    ),
  ];
}

function orderLines({ orders, pages }: Evaluation): string[] {
  const about = "WHAT A PLACE OF A PERSONAL FEED IS WORTH, if the feed had another order";
  if (pages.count === 0) return [about, "  The log is too small: it has no personal page that is older than an hour."];
  const [served] = orders;
  return [
    `${about}: ${count(served?.estimate.places ?? 0)} places of ${count(pages.count)} pages, served to ${count(served?.estimate.users ?? 0)} users from ${day(pages.firstMs)} to ${day(pages.lastMs)}.`,
    ...table(
      ["order", "utility", "95 % interval", "effective places", "weights cut"],
      orders.map(({ order, estimate }) => [
        order,
        ...valueOf(estimate),
        count(Math.round(estimate.effectivePlaces)),
        count(estimate.clippedPlaces),
      ]),
    ),
    ...(orders.every(({ estimate }) => isEnough(estimate))
      ? []
      : ["  The log is too small where no utility is given: 100 effective places of 10 users are needed."]),
  ];
}

function modelLines({ models }: Evaluation): string[] {
  if (models.length === 0) return ["BY MODEL: no page yet."];
  return [
    "BY MODEL, as served to its share of the viewers.",
    ...table(
      ["model", "share now", "pages", "places", "utility", "95 % interval"],
      models
        .toSorted((a, b) => (b.modelId ?? 0) - (a.modelId ?? 0))
        .map(({ modelId, share, pages, estimate }) => [
          modelId === null ? "none" : String(modelId),
          modelId === null ? "" : `${share} %`,
          count(pages),
          count(estimate.places),
          ...valueOf(estimate),
        ]),
    ),
  ];
}

const valueOf = (estimate: Estimate): [value: string, interval: string] =>
  isEnough(estimate)
    ? [estimate.value.toFixed(3), `${estimate.low.toFixed(3)} to ${estimate.high.toFixed(3)}`]
    : ["–", "too small"];

const count = (value: number): string => value.toLocaleString("en");
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    `  ${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join("")}`.trimEnd(),
  );
}
