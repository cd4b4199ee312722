import { parseArgs } from "node:util";
import { explain } from "../cmd/compose/explain.ts";
import { loadConfig } from "../cmd/compose/config.ts";
import { fill } from "./seed/fill.ts";
import { isSize, planOf, sizes } from "./seed/plan.ts";
import { reachServer } from "./seed/server.ts";

const usage = `npm run seed -- ${Object.keys(sizes).join("|")} [--seed NUMBER] [--force] [--url ADDRESS] [the flags of npm start]

Fills a server with accounts, videos, comments, follows and likes through its public API: the server that runs as the
flags say, or at --url, or one that is started for the time. The same seed gives the same content.

${Object.entries(sizes)
  .map(
    ([name, { users, videos, comments }]) =>
      `  ${name.padEnd(12)} ${users} accounts, ${videos} videos, ${comments} comments`,
  )
  .join("\n")}
  --seed       another one than 1
  --force      also where there are videos already

Exit codes: 0 done · 1 it could not be done · 2 wrong arguments`;

const options = { seed: { type: "string" }, force: { type: "boolean" }, url: { type: "string" } } as const;

async function run(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    console.log(usage);
    return 0;
  }
  const [size = "", ...args] = argv;
  if (!isSize(size)) {
    console.error(`${size === "" ? "say how much" : `there is no size ${size}`}: ${Object.keys(sizes).join(" or ")}`);
    return 2;
  }
  // The other flags are those of the server.
  const { values, tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const ownPlaces = new Set<number>();
  for (const token of tokens)
    if (token.kind === "option" && Object.hasOwn(options, token.name)) {
      ownPlaces.add(token.index);
      if (token.value !== undefined && !token.inlineValue) ownPlaces.add(token.index + 1);
    }
  const flags = args.filter((_, index) => !ownPlaces.has(index));
  const seed = Number(values.seed ?? 1);
  if (!Number.isSafeInteger(seed)) {
    console.error("--seed needs a whole number");
    return 2;
  }
  const { config } = loadConfig(flags, process.env, process.cwd());
  const say = (line: string): void => console.log(line);
  await using server = await reachServer(config, flags, typeof values.url === "string" ? values.url : undefined, say);
  return (await fill(server, planOf(size, seed), { isForced: values.force === true, ffmpeg: config.media.ffmpeg, say }))
    ? 0
    : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exitCode = code;
}
