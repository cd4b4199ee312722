import { execFile } from "node:child_process";
import { glob, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Instance } from "../e2e/instance.ts";
import { until } from "../until.ts";

const run = promisify(execFile);

/** What every server of these tests is started with: a test asks faster than people do. */
export const unlimited = { KINORA_RATE_LIMIT: "off" };

/** A data folder that was started and stopped once, to begin many cases on copies of it. */
export class Started implements AsyncDisposable {
  readonly #folder: string;
  readonly #data: string;

  private constructor(folder: string, data: string) {
    this.#folder = folder;
    this.#data = data;
  }

  static async make(): Promise<Started> {
    const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    const data = join(folder, "data");
    await run("mkdir", [data]);
    const instance = await Instance.on({ data, env: unlimited });
    await instance.restart();
    await instance.stop();
    return new Started(folder, data);
  }

  /** A copy nobody uses yet; whoever starts on it removes it. */
  async copy(): Promise<string> {
    const to = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    await run("cp", ["-a", "--reflink=auto", `${this.#data}/.`, to]);
    return to;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What writers and media work have left in a data folder. */
export const temporary = (data: string): Promise<string[]> => readdir(join(data, "blobs/tmp")).catch(() => []);
/** Settles when nothing of that is left: the last of a job goes a moment after its row says that it is over. */
export const untilTidy = ({ data }: Instance): Promise<unknown> =>
  until(async () => (await temporary(data)).length === 0);
/** What has arrived of files that are not whole. */
export const pieces = (data: string): Promise<string[]> =>
  Array.fromAsync(glob("blobs/pieces/*/*", { cwd: data })).then((paths) => paths.map((path) => join(data, path)));
