import { glob, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../e2e/instance.ts";
import { until } from "../until.ts";

/** What every server of these tests is started with: a test asks faster than people do. */
export const unlimited = { KINORA_RATE_LIMIT: "off" };

/** What writers and media work have left in a data folder. */
export const temporary = (data: string): Promise<string[]> => readdir(join(data, "blobs/tmp")).catch(() => []);
/** Settles when nothing of that is left: the last of a job goes a moment after its row says that it is over. */
export const untilTidy = ({ data }: Instance): Promise<unknown> =>
  until(async () => (await temporary(data)).length === 0);
/** What has arrived of files that are not whole. */
export const pieces = (data: string): Promise<string[]> =>
  Array.fromAsync(glob("blobs/pieces/*/*", { cwd: data })).then((paths) => paths.map((path) => join(data, path)));
