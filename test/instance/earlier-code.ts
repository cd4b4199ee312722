import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
/** The folders of a server's code. */
const code = ["src", "cmd", "api"];
const steps = [
  "src/services/*/migrations.ts",
  "src/services/live/coins/*/tables.ts",
  "src/kernel/db/tables.ts",
  "src/policy/copies",
];

/** The code of an earlier revision, for processes beside those of this one. */
export interface EarlierCode extends AsyncDisposable {
  /** For `program` of an instance. */
  readonly program: string;
  /** Its commit; undefined where it is this checkout itself. */
  readonly revision: string | undefined;
}

/**
 * The code of the last release; before the first one, of the commit before the last change of a server. It is this checkout
 * where the clone has no earlier commit. Before a release, steps of the databases may be edited in place: then it is too.
 */
export async function earlierCode(): Promise<EarlierCode> {
  const release = await git("describe", "--tags", "--match", "v*", "--abbrev=0", "HEAD~");
  const revision = release ?? (await beforeLastChange());
  if (revision === undefined || (release === undefined && (await areStepsEdited(revision))))
    return { program: root, revision: undefined, [Symbol.asyncDispose]: async () => undefined };
  const program = await mkdtemp(join(tmpdir(), "kinora-earlier-"));
  const paths = [...code, "demo", "scripts/bootstrap", "package.json"];
  const archive = join(program, "code.tar");
  await run("git", ["archive", `--output=${archive}`, revision, "--", ...paths], { cwd: root });
  await run("tar", ["-xf", archive, "-C", program]);
  await symlink(join(root, "node_modules"), join(program, "node_modules"));
  await symlink(join(root, "web"), join(program, "web"));
  return {
    program,
    revision,
    [Symbol.asyncDispose]: () => rm(program, { recursive: true, force: true }),
  };
}

/** The commit before the last one that changed a server; the last commit where changes are not committed yet. */
async function beforeLastChange(): Promise<string | undefined> {
  if (await git("status", "--porcelain", "--", ...code)) return git("rev-parse", "--verify", "HEAD");
  const last = await git("rev-list", "--max-count=1", "HEAD", "--", ...code);
  return last === undefined ? undefined : git("rev-parse", "--verify", "--quiet", `${last}^`);
}

/** True if a step differs, other than by a further one: nothing is released, so nothing was promised. */
async function areStepsEdited(revision: string): Promise<boolean> {
  const lines = (await git("diff", "--numstat", revision, "--", ...steps)) ?? "";
  return lines.split("\n").some((line) => Number(line.split("\t")[1] ?? 0) > 0);
}

/** The output of Git; undefined where it is empty, fails or is not installed. */
async function git(...args: readonly string[]): Promise<string | undefined> {
  const { stdout } = await run("git", args, { cwd: root }).catch(() => ({ stdout: "" }));
  return stdout.trim() === "" ? undefined : stdout.trim();
}
