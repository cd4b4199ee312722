import { once } from "node:events";
import { access, constants, stat, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { type Finding, missing, ok, warn } from "./finding.ts";

/** Below this a single video may not fit; below a tenth of it the database's own log may not. */
const freeBytesMin = 5 * 2 ** 30;

/** Checks that the data folder, or the folder it will be made in, can be written. */
export async function folderCheck(data: string): Promise<Finding> {
  const folder = await nearest(data);
  const isNew = folder !== data;
  const stats = await stat(folder);
  if (!stats.isDirectory()) return missing("data folder", `${folder} is not a folder`, "choose another with --data");
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return ok("data folder", isNew ? `${data}, made at the first start` : data);
  } catch {
    return missing(
      "data folder",
      `${folder} cannot be written by this user`,
      "change its owner, or choose another with --data",
    );
  }
}

/** Room on the disk of the data folder. */
export async function spaceCheck(data: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(data));
  const free = bavail * bsize;
  const says = `${(free / 2 ** 30).toFixed(1)} GiB free`;
  if (free < freeBytesMin / 10) return missing("disk", says, "make room: uploads will be refused");
  return free < freeBytesMin
    ? warn("disk", says, "make room soon, or choose another disk with --data")
    : ok("disk", says);
}

/** Checks that a server could listen there now. */
export async function portCheck(name: string, host: string, port: number, flag: string): Promise<Finding> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    return ok(name, port === 0 ? `chosen at start, on ${host}` : `${port} on ${host} is free`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE")
      return warn(name, `${port} on ${host} is in use`, `stop what uses it, or choose another with ${flag}`);
    if (code === "EACCES")
      return missing(name, `${port} on ${host} needs more rights`, `choose a port from 1024 with ${flag}`);
    return missing(name, `${host} is not an address of this machine`, "choose another with --host");
  } finally {
    server.close();
  }
}

/** The folder itself, or the nearest one above it that exists. */
async function nearest(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearest(dirname(folder));
}
