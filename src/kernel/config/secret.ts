import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { strongSecret } from "./values.ts";

/**
 * A secret of this installation: 256 random bits, base64url, made at the first call and kept in `folder`/`name` where
 * only this user can read it. Processes that ask at the same moment get the same one.
 *
 * @throws when the file holds something that is too short or well known to be a secret.
 */
export async function keptSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const stored = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (stored !== undefined) {
    const { success } = strongSecret.safeParse(stored.trim());
    if (!success) throw new Error(`${file} does not hold a strong secret: remove it to have a new one made`);
    return stored.trim();
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  {
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(`${randomBytes(32).toString("base64url")}\n`);
    await handle.sync();
  }
  await link(draft, file).catch(() => undefined); // Another process was first: its secret is read below.
  await rm(draft);
  await using directory = await open(folder);
  await directory.sync();
  return (await readFile(file, "utf8")).trim();
}
