import { glob, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "./instance.ts";
import { until } from "../until.ts";

/** The environment of every server of these tests: a test asks faster than users do. */
export const unlimited = { KINORA_RATE_LIMIT: "off" };

/** Files that writers and media work have left in a data folder. */
export const temporary = (data: string): Promise<string[]> => readdir(join(data, "blobs/tmp")).catch(() => []);
/** Settles when nothing of that is left: the last of a job goes a moment after its row says that it is over. */
export const untilTidy = ({ data }: Instance): Promise<unknown> =>
  until(async () => (await temporary(data)).length === 0);
/** The pieces of unfinished files. */
export const pieces = (data: string): Promise<string[]> =>
  Array.fromAsync(glob("blobs/pieces/*/*", { cwd: data })).then((paths) => paths.map((path) => join(data, path)));
