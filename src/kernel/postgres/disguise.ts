import { execFile } from "node:child_process";
import { chmod, chown, lstat, readdir, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PostgresError } from "./error.ts";

/** How to run PostgreSQL, which refuses to be root and needs a user with a name. */
export interface Disguise {
  /** In words, for the log and `doctor`. */
  readonly how: string;
  /** The command line that runs `program` in disguise; on Linux it ends when the calling thread's process does. */
  command(program: string, args: readonly string[], lasting: boolean): [string, string[]];
  /**
   * Sees to it that the user the server runs as can pass through the folder, without reading its names.
   *
   * @throws {PostgresError} `not_isolated` where a folder above it keeps that user out.
   */
  open(folder: string): Promise<void>;
  /** Hands a folder and all in it to the user the server runs as. */
  give(folder: string): Promise<void>;
}

/** Found without the caller's environment, which may be empty. */
export const environment = { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C" };
const nobody = 65_534;
const run = promisify(execFile);
const works = (program: string, args: readonly string[]): Promise<boolean> =>
  run(program, args, { env: environment }).then(
    () => true,
    () => false,
  );

/**
 * Chooses how this process can run PostgreSQL. A user namespace costs nothing and leaves the files the caller's; where
 * it is forbidden, root becomes `nobody`, and where the data already belong to a user, that user.
 *
 * @throws {PostgresError} `not_isolated` when nothing works.
 */
export async function disguise(owner: number | undefined): Promise<Disguise> {
  const linux = process.platform === "linux";
  const dying = linux && (await works("setpriv", ["--pdeathsig", "INT", "true"]));
  const end = dying ? ["setpriv", "--pdeathsig", "INT"] : [];
  const through = (how: string, before: readonly string[], { open, give }: Ways = keep): Disguise => ({
    how,
    open,
    give,
    command(program, args, lasting) {
      const [first = program, ...otherArgs] = [...before, ...(lasting ? end : []), program, ...args];
      return [first, otherArgs];
    },
  });
  const self = process.getuid?.() ?? 0;
  if (self !== 0 && hasName()) return through("as the current user", []);

  const namespace = ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`];
  const [unshare = "", ...mapped] = namespace;
  const ours = owner === undefined || owner === self;
  if (linux && ours && (await works(unshare, [...mapped, "true"])))
    return through("in a user namespace of its own", namespace);

  const uid = owner === undefined || owner === 0 ? nobody : owner;
  const lower = ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const [setpriv = "", ...lowered] = lower;
  if (self === 0 && linux && (await works(setpriv, [...lowered, "true"])))
    return through(`as user ${uid}`, lower, {
      async open(folder) {
        const { mode } = await stat(folder);
        await chmod(folder, (mode & 0o7777) | 0o011);
        if (await works(setpriv, [...lowered, "test", "-x", folder])) return;
        const words = `PostgreSQL has to run as user ${uid} here, who cannot come to ${folder} through the folders above it`;
        throw new PostgresError("not_isolated", `${words}: choose another with --data`);
      },
      give: (folder) => changeOwner(folder, uid),
    });

  const who = self === 0 ? "root" : `user ${self}, who has no name on this system`;
  const words = `PostgreSQL does not run as ${who}, and neither unshare nor setpriv can change that here`;
  throw new PostgresError("not_isolated", `${words}: start Kinora as an ordinary user`);
}

type Ways = Pick<Disguise, "open" | "give">;
const keep: Ways = { open: async () => {}, give: async () => {} };

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false; // ENOENT: a number without an entry, as in containers run with --user.
  }
}

async function changeOwner(path: string, uid: number): Promise<void> {
  const stats = await lstat(path);
  if (stats.isDirectory()) for (const name of await readdir(path)) await changeOwner(join(path, name), uid);
  if (stats.uid !== uid && !stats.isSymbolicLink()) await chown(path, uid, uid);
}
