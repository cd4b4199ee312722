import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accuracyOf, tableAccuracy, type Accuracy, type Trial } from "#services/recommend/recall/accuracy";
import { filterOf, type RecallSettings } from "#services/recommend/recall/filter";
import { interactionsOf } from "#services/recommend/recall/interactions";
import { type ItemTable, itemTableOf } from "#services/recommend/recall/item-table";
import { type Grid, tunedSettings } from "#services/recommend/recall/settings-search";
import { Random } from "../../test/random.ts";
import { ratingForesight } from "./ratings.ts";
import { record } from "../record.ts";

/*
 * How well recall finds what users watched next, on public data: Recall@20 and NDCG@20 over all items, those of the
 * training part left out, mean over users with test items. `npm run bench -- recommend --data FOLDER`.
 */
const { values } = parseArgs({ options: { data: { type: "string" } } });
if (values.data === undefined) {
  console.log("recommend: --data FOLDER names a folder with gowalla, citeulike and ml-100k; nothing was measured");
  process.exit(0);
}
const folder = values.data;

interface Dataset {
  readonly name: string;
  readonly train: readonly (readonly number[])[];
  readonly trial: Trial;
  readonly grid: Grid;
  /** Settings are chosen on one of so many users of each split. */
  readonly everyUser: number;
}
const sharpnesses = [0, 0.5, 1, 1.5, 2, 2.5, 3];
const betas = [0.1, 0.2, 0.3, 0.5, 1];
const large: Grid = { sizes: [64, 128, 256, 352, 448], betas, sharpnesses };
const small: Grid = { sizes: [16, 32, 64, 96, 128], betas, sharpnesses };
const widths = [50, 200, 400];
const splits = 3;

const lines: string[] = [];
for (const read of [gowalla, citeulike, movies]) lines.push(...(await measure(await read())));
const { auc, logLoss } = await ratingForesight(folder);
lines.push(
  "## MovieLens 100K, whether a rating is 4 or 5",
  "",
  "The last fifth of the ratings in the order of time, each predicted before it is learned from.",
  "",
  "| rank | AUC | log loss |",
  "|---|---|---|",
  `| FTRL | ${auc.toFixed(4)} | ${logLoss.toFixed(4)} |`,
);
await record("recommend", lines);

async function measure({ name, train, trial, grid, everyUser }: Dataset): Promise<string[]> {
  const random = new Random(7);
  const next = () => random.next();
  const interactions = interactionsOf(train, trial.items);
  const tuned = tunedSettings(interactions, { grid, splits, everyUser, random: next });
  const beganMs = performance.now();
  const filter = filterOf(interactions, tuned.settings.size, next);
  const seconds = (performance.now() - beganMs) / 1_000;
  const scorer = filter.scorer(tuned.settings);
  const rows = [row("exact", accuracyOf(scorer, trial))];
  const widest = itemTableOf(scorer, trial.items, Math.max(...widths));
  for (const width of widths)
    rows.push(row(`table, ${width} entries a row`, tableAccuracy(narrowTable(widest, width), trial)));
  return [
    `## ${name}`,
    "",
    `${interactions.users} users, ${trial.items} items. Settings, chosen on ${splits} splits of the training part (${tuned.tried.length} tried): ${settingsText(tuned.settings)}. The basis took ${seconds.toFixed(1)} s on one thread.`,
    "",
    "| recall | Recall@20 | NDCG@20 |",
    "|---|---|---|",
    ...rows,
    "",
  ];
}

function row(name: string, { recall, ndcg }: Accuracy): string {
  return `| ${name} | ${recall.toFixed(4)} | ${ndcg.toFixed(4)} |`;
}

function settingsText({ size, beta, sharpness }: RecallSettings): string {
  return `${size} eigenvectors, β ${beta}, T ${sharpness}`;
}

/** The first entries of each row. */
function narrowTable(table: ItemTable, width: number): ItemTable {
  const rows = table.items.length / table.width;
  const narrow = { width, items: new Int32Array(rows * width), scores: new Float32Array(rows * width) };
  for (let item = 0; item < rows; item++) {
    const at = item * table.width;
    narrow.items.set(table.items.subarray(at, at + width), item * width);
    narrow.scores.set(table.scores.subarray(at, at + width), item * width);
  }
  return narrow;
}

/** Lines of a user and the user's items (`gowalla/README.md` of the data). */
async function gowalla(): Promise<Dataset> {
  const read = async (file: string) => {
    const text = await readFile(join(folder, "gowalla", file), "utf8");
    const lists: number[][] = [];
    for (const line of text.split("\n")) {
      const [user, ...items] = line.trim().split(" ").map(Number);
      if (user !== undefined && line.trim() !== "") lists[user] = items;
    }
    return Array.from(lists, (items) => items ?? []);
  };
  return datasetOf("Gowalla", await read("train.txt"), await read("test.txt"), { grid: large, everyUser: 12 });
}

/** Pairs of a user and an item. */
async function citeulike(): Promise<Dataset> {
  const read = async (file: string) => {
    const text = await readFile(join(folder, "citeulike", file), "utf8");
    const lists: number[][] = [];
    for (const line of text.trim().split("\n").slice(1)) {
      const [user = 0, item = 0] = line.split(",").map(Number);
      (lists[user] ??= []).push(item);
    }
    return Array.from(lists, (items) => items ?? []);
  };
  return datasetOf("CiteULike", await read("train.csv"), await read("test.csv"), { grid: large, everyUser: 2 });
}

/** Ratings of at least 4, of which the last fifth of each user's is the test (`ml100k-temporal` of the data's README). */
async function movies(): Promise<Dataset> {
  const text = await readFile(join(folder, "ml-100k/ml-100k.inter"), "utf8");
  const liked = new Map<number, { item: number; atS: number }[]>();
  for (const line of text.trim().split("\n").slice(1)) {
    const [user = 0, item = 0, rating = 0, atS = 0] = line.split("\t").map(Number);
    if (rating < 4) continue;
    const likes = liked.get(user) ?? [];
    likes.push({ item, atS });
    liked.set(user, likes);
  }
  const train: number[][] = [];
  const test: number[][] = [];
  for (const likes of liked.values()) {
    if (likes.length < 5) continue;
    const items = likes.toSorted((a, b) => a.atS - b.atS || a.item - b.item).map(({ item }) => item);
    const count = Math.max(1, Math.round(items.length / 5));
    train.push(items.slice(0, -count));
    test.push(items.slice(-count));
  }
  return datasetOf("MovieLens 100K, by time", train, test, { grid: small, everyUser: 1 });
}

function datasetOf(
  name: string,
  train: readonly number[][],
  test: readonly number[][],
  options: Pick<Dataset, "grid" | "everyUser">,
): Dataset {
  const items = Math.max(...[...train, ...test].map((items) => Math.max(-1, ...items))) + 1;
  return { name, train, trial: { before: train, later: test.map((items) => new Set(items)), items }, ...options };
}
