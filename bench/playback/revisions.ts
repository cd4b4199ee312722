import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { until } from "../../test/until.ts";
import { Person } from "../../test/users/person.ts";
import { cpuMs, median, record, wrk } from "../record.ts";

/*
 * A segment of a public video by this checkout and by another one, such as that of an earlier revision with its packages:
 * CPU of the server per request, in turn, in one run.
 *
 *   npm run bench -- revisions FOLDER
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("which checkout to compare with? npm run bench -- revisions FOLDER");
const rounds = 12;
const seconds = 3;
const connections = 8;
const root = join(import.meta.dirname, "../..");
const film = await readFile(join(root, "test/media/fragmented.mp4"));

async function start(program: string) {
  const instance = await Instance.start({ program, env: { ...unlimited, KINORA_LOG_LEVEL: "warn" } });
  const person = new Person(instance.url);
  await person.signUp();
  const media = await person.upload(film, "film");
  const body = { title: "A film", media_id: media.data["id"] };
  const { data } = await person.ask("POST", "/videos", { key: "publish", body });
  const id = Number(data["id"]);
  await until(async () => (await person.ask("GET", `/videos/${id}`)).data["status"] === 1);
  const address = await person.ask("GET", `/streaming/${id}/address`);
  const token = new URL(String(address.data["hls_url"]), instance.url).searchParams.get("token") ?? "";
  // The work after an upload is over by then.
  await new Promise((wait) => setTimeout(wait, 20_000));
  return { instance, url: `${instance.url}/api/v1/streaming/${id}/g1/source?token=${token}` };
}

const sides = { here: await start(root), there: await start(resolve(folder)) };
const cost = { here: [] as number[], there: [] as number[] };
for (let round = 0; round <= rounds; round++)
  // Each begins every second round.
  for (const name of round % 2 === 0 ? (["here", "there"] as const) : (["there", "here"] as const)) {
    const { instance, url } = sides[name];
    const before = await cpuMs(instance.pid);
    const { requests } = wrk(url, { seconds, connections, headers: { range: "bytes=0-65535" } });
    if (round > 0) cost[name].push((((await cpuMs(instance.pid)) - before) * 1_000) / requests);
  }
for (const { instance } of Object.values(sides)) await instance[Symbol.asyncDispose]();
const ratios = cost.here.map((value, round) => value / (cost.there[round] ?? Number.NaN));
await record("revisions", [
  `64 KiB of a public video, ${connections} connections, ${rounds} rounds of ${seconds} s in turn; CPU of the server per request.`,
  "",
  "| this checkout | the other one | this / other |",
  "|---|---|---|",
  `| ${median(cost.here).toFixed(0)} µs | ${median(cost.there).toFixed(0)} µs | ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}) |`,
]);
