import type { SearchDocument } from "#services/search/index/document";
import type { SearchQuery } from "#services/search/index/query/query";
import { SearchIndex } from "#services/search/index/search-index";
import { record } from "../record.ts";
import { among, latin, random } from "../words.ts";

/*
 * The names of the files of many users in the search index: memory, and the time of a search of one user. Two ways are
 * compared: the index has the owner in its terms (`scope`), or a filter compares the owner's number. `npm run bench --
 * own-files`.
 */
const namesCount = 200_000;
const queryCount = 200;
const endings = ["jpg", "pdf", "mp4", "docx", "txt"];

const lines = ["| names | users | owner | bytes a name | p50 | p99 |", "|---|---|---|---|---|---|"];
for (const [names, owners] of [
  [namesCount, 200],
  [namesCount, 20_000],
  [5 * namesCount, 1_000],
] as const)
  for (const way of ["scope", "filter"] as const) {
    const index = builtOf(names, owners, way);
    timesOf(index, owners, way, 20);
    const times = timesOf(index, owners, way, queryCount);
    const size = Math.round(index.byteLength / names);
    const at = (share: number) => `${(times[Math.floor(share * queryCount)] ?? 0).toFixed(2)} ms`;
    lines.push(
      `| ${[names, owners].map((n) => n.toLocaleString("en")).join(" | ")} | ${way} | ${size} | ${at(0.5)} | ${at(0.99)} |`,
    );
  }

await record("own-files", [
  "Names of two or three words, a number and an ending; after `compact`. A search has a word of a name; one thread.",
  "",
  ...lines,
]);

function builtOf(names: number, owners: number, way: "scope" | "filter"): SearchIndex {
  const index = new SearchIndex();
  for (let id = 1; id <= names; id++) {
    const owner = 1 + Math.floor(random() * owners);
    const fields = { names: `${latin(2 + (id % 2))} ${Math.floor(random() * 10_000)}.${among(endings)}` };
    const document: SearchDocument = { id, kind: 4, version: 1, fields };
    index.put(way === "scope" ? { ...document, scope: owner } : { ...document, numbers: { owner } });
    if (id % 10_000 === 0) index.refresh();
  }
  index.compact();
  return index;
}

function timesOf(index: SearchIndex, owners: number, way: "scope" | "filter", queries: number): number[] {
  const times: number[] = [];
  for (let n = 0; n < queries; n++) {
    const owner = 1 + Math.floor(random() * owners);
    const query: SearchQuery = { text: latin(1), isName: true, kinds: [4], limit: 20 };
    const restriction =
      way === "scope" ? { scope: owner } : { filter: { ranges: { owner: { min: owner, max: owner } } } };
    const beganAt = performance.now();
    index.search({ ...query, ...restriction });
    times.push(performance.now() - beganAt);
  }
  return times.toSorted((a, b) => a - b);
}
