import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Execute } from "../child.ts";
import type { Ended } from "../child.ts";
import { LintCache } from "./lint-cache.ts";

const root = join(import.meta.dirname, "../../..");
const folders = ["cmd", "src", "demo", "examples", "test", "bench", "scripts", "sdk", "web/src"];
const oxlint = join("node_modules/.bin", "oxlint");
/**
 * The program of the rules that need types is written in Go. A thread for each processor makes it type check shared
 * files several times. Its collector runs all the time with Go's own growth of 100 %. Both cost it as much as its work.
 * The other checks run beside it.
 */
const go = { GOMAXPROCS: String(Math.ceil(availableParallelism() / 2)), GOGC: "400" };
/** Far below what there is: a linter that sees less has been called wrongly. */
const filesMin = 50;

/**
 * The rules that need no types look at all files. Those that need types cost twenty times as much, as each file is type
 * checked once more. So they look at files that changed since they last passed, and at all that import them.
 */
export async function lint(execute: Execute): Promise<Ended> {
  const cache = await LintCache.read(root, folders);
  const isCold = cache.affected.length === cache.files.length;
  // It walks node_modules when no folder is named, and is content when it finds no file at all.
  const all = await execute(oxlint, ["--deny-warnings", ...(isCold ? ["--type-aware"] : []), ...folders], go);
  const [, seen = "0"] = / on (\d+) files/.exec(all.output) ?? [];
  if (all.code === 0 && Number(seen) < filesMin) return { ...all, code: 1, output: `oxlint looked at ${seen} files` };
  const isEnough = isCold || all.code !== 0 || cache.affected.length === 0;
  const last = isEnough ? all : await execute(oxlint, ["--type-aware", "--deny-warnings", ...cache.affected], go);
  if (last.code === 0) await cache.pass();
  else if (isCold || last !== all) {
    const failed = [...last.output.matchAll(/,-\[([^\]:]+):\d+:\d+\]/g)].map(([, file = ""]) => file);
    if (failed.length > 0) await cache.pass(failed);
  }
  return last;
}
