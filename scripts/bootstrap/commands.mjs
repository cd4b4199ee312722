import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { provideFfmpeg } from "./ffmpeg.mjs";
import { Stop } from "./messages.mjs";
import { root } from "./root.mjs";
import { serverOptions } from "./server-options.mjs";
import { provideWeb } from "./web.mjs";

const whole = [provideWeb, provideFfmpeg];
const cli = (name) => ({ needs: [], program: () => ["cmd/cli.ts", name] });
const script = (file, needs, usage, wordsMax, flags = []) => ({
  needs,
  program: () => [`scripts/${file}.ts`],
  usage,
  wordsMax,
  flags,
});

/**
 * The needs of each command before it starts, and the program of the pinned Node it hands over to, with options of
 * Node. A command with `usage` takes so many words and these flags, and is refused here; the others look at their arguments themselves.
 */
export const commands = {
  start: { needs: whole, program: () => ["cmd/start.ts"], node: serverOptions },
  dev: { needs: [provideFfmpeg], program: () => ["scripts/dev.ts"] },
  build: {
    needs: [provideWeb],
    program: () => ["scripts/generate.ts", "--check"],
    usage:
      "npm run build\n\nWhat a release needs: builds the web app into web/dist, and fails where a generated file is not current. The server\nneeds no build.",
    wordsMax: 0,
    flags: [],
  },
  test: { needs: [], program: () => ["scripts/test.ts", "test"] },
  "test:nightly": { needs: [], program: () => ["scripts/test.ts", "test:nightly"] },
  abuse: {
    needs: [],
    program: () => ["scripts/test.ts", "abuse"],
    usage:
      "npm run abuse -- [SEED]\n\nRuns the attacks in their long form: ids of other accounts in every operation, hostile input, scripts in all texts,\nsmuggled requests, bodies that cost memory, addresses of this network, and what strangers send to live rooms and\ntheir ports. Prints its seed (1).",
    wordsMax: 1,
    flags: [],
  },
  "test:crash": script(
    "crash",
    [provideFfmpeg],
    "npm run test:crash -- [ROUNDS [SEED]]\n\nKills a server so many times (200) under mixed writes and looks for what was lost; prints its seed.",
    2,
  ),
  mutation: script(
    "mutation",
    [provideFfmpeg],
    "npm run mutation -- [AREA [SOURCE]]\n\nChanges the sources of an area (permissions, tokens, gates, purchases, ledger) in one place after the other, and runs the\ntests that execute it. Prints the changes that no test notices; fails where less than 80 % are noticed. An area takes from\nten minutes to an hour.",
    2,
  ),
  "test:kills": script(
    "kills",
    [provideFfmpeg],
    "npm run test:kills -- [ROUNDS [SERVICE…]]\n\nKills each of nine processes, or those of these services, so many times (20) under load, and looks for what was lost\nor done twice.",
    10,
  ),
  "test:upload": script(
    "interrupted-upload",
    [provideFfmpeg],
    "npm run test:upload -- [MEBIBYTES [INTERRUPTIONS [SEED]]]\n\nSends one file (1024 MiB) that is interrupted so many times (50); prints its seed.",
    3,
  ),
  "test:workers": script(
    "killed-workers",
    [provideFfmpeg],
    "npm run test:workers -- [VIDEOS [KILLS [SEED]]]\n\nKills a server so many times (30) while it processes videos (50); prints its seed.",
    3,
  ),
  "security:report": script(
    "security-report",
    whole,
    "npm run security:report -- [--list]\n\nPrints each promise about security (docs/promises.md) with the tests that prove it, and runs them; some minutes.\n--list runs nothing.",
    0,
    ["--list"],
  ),
  "test:topologies": script(
    "topologies",
    whole,
    "npm run test:topologies -- [NAME…]\n\nRuns the suites that ask a whole product by its ports on one, three, nine and all processes, on nine with Redis, NATS and\nS3 (engines), and on two of each service (two).",
    6,
  ),
  screenshots: script(
    "screenshots",
    whole,
    "npm run screenshots -- [FOLDER [PAGES [DRESSES]]]\n\nPictures of every page and state on a phone and a desk, dark and light, in English, Chinese and the pseudo-language,\nwith an index.html to look at them, in FOLDER (.kinora/screenshots). PAGES and DRESSES are words of their names,\nseparated by commas, such as watch,feed and dark-qps; all is all.",
    3,
  ),
  degradation: script(
    "degradation",
    whole,
    "npm run degradation\n\nMeasures the answers of the public APIs without each of the services, and writes docs/degradation.md.",
    0,
  ),
  check: { needs: [], program: () => ["scripts/check.ts"] },
  supply: {
    needs: [],
    program: () => ["scripts/supply.ts", "online"],
    usage:
      "npm run supply -- [FILE]\n\nAsks the registry for known vulnerabilities and signatures of the packages, and checks hashes, install scripts and\nlicences. With FILE it also writes a CycloneDX bill of materials there.",
    wordsMax: 1,
    flags: [],
  },
  doctor: cli("doctor"),
  rebuild: cli("rebuild"),
  evaluate: cli("evaluate"),
  user: cli("user"),
  transfer: cli("transfer"),
  sql: cli("sql"),
  migrate: cli("migrate"),
  move: cli("move"),
  partition: cli("partition"),
  backup: cli("backup"),
  keys: cli("keys"),
  database: cli("database"),
  service: { ...cli("service"), needs: whole, node: serverOptions },
  runner: { ...cli("runner"), needs: [provideFfmpeg], node: serverOptions },
  "start-all": { ...cli("start-all"), needs: whole, node: serverOptions },
  "stop-all": cli("stop-all"),
  certs: cli("certs"),
  manifests: cli("manifests"),
  seed: { needs: [provideFfmpeg], program: () => ["scripts/seed.ts"] },
  bench: { needs: whole, program: async ([name]) => [(await measurements()).get(name).path], isBench: true },
  sdk: {
    needs: [],
    program: () => ["scripts/sdk.ts"],
    usage:
      "npm run sdk\n\nBuilds the client package @kinora/client for developers into sdk/dist: ESM, types and package.json, ready to publish.",
    wordsMax: 0,
    flags: [],
  },
  generate: {
    needs: [],
    program: () => ["scripts/generate.ts"],
    usage:
      "npm run generate -- [--check]\n\nWrites api/, docs/api.md, docs/configuration.md, the types of the client and the third-party notices from the code.\n  --check  writes nothing and fails where a file is not current",
    wordsMax: 0,
    flags: ["--check"],
  },
};

/** The text of `--help`, where the command has none of its own. */
export async function usageOf(command) {
  if (!command.isBench) return command.usage;
  const lines = [...(await measurements())].map(([name, { title }]) => `  ${name.padEnd(16)} ${title}`);
  return `npm run bench -- NAME\n\nRuns one measurement and writes its result to bench/results/TOPIC/NAME.md:\n\n${lines.join("\n")}`;
}

/** @throws Stop with a sentence for a word or flag that a command does not know. */
export async function assertArguments(command, args) {
  if (command.isBench) {
    const names = [...(await measurements()).keys()];
    if (!names.includes(args[0] ?? ""))
      throw new Stop(
        `${args[0] === undefined ? "say which measurement" : `there is no measurement ${args[0]}`}: ${names.join(", ")}`,
        2,
      );
  }
  if (command.usage === undefined) return;
  const flag = args.find((word) => word.startsWith("-") && !command.flags.includes(word));
  const words = args.filter((word) => !word.startsWith("-"));
  if (flag !== undefined) throw new Stop(`there is no flag ${flag}\n\n${command.usage}`, 2);
  if (words.length > command.wordsMax)
    throw new Stop(`${words.slice(command.wordsMax).join(" ")}: that is too much\n\n${command.usage}`, 2);
}

/** A measurement records a result and begins with a comment that says what it measures; other files are its parts. */
async function measurements() {
  const paths = (await readdir(join(root, "bench"), { recursive: true })).filter((path) => path.endsWith(".ts"));
  const all = [];
  for (const path of paths) {
    const source = await readFile(join(root, "bench", path), "utf8");
    const [, comment] = /^\/\*\n([^]*?)\*\//m.exec(source) ?? [];
    if (comment === undefined || !/"\.\.?\/record\.ts"/.test(source)) continue;
    const text = comment.replaceAll(/\s*\n? \* /g, " ").trim();
    const [title] = text.split(/[.:,;](?:\s|$)/, 1);
    all.push([basename(path, ".ts"), { path: `bench/${path}`, title }]);
  }
  return new Map(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
