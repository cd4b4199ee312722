import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SearchIndex } from "#services/search/index/search-index";
import { indexStateOf } from "#services/search/index/snapshot/snapshot";

/* A process that reads a snapshot and searches once: prints the milliseconds from the first byte to the result. */
const [, , folder = "", text = ""] = process.argv;
const beganMs = performance.now();
const names = (await readdir(folder)).toSorted((a, b) => Number(a) - Number(b));
const frames = await Promise.all(names.map((name) => readFile(join(folder, name))));
const { hits } = new SearchIndex(indexStateOf(frames)).search({ text });
if (hits.length === 0) throw new Error("the search after the start found nothing");
console.log(performance.now() - beganMs);
