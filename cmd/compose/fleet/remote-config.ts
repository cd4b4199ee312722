import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError, type RemoteConfig } from "../../../src/kernel/config/load.ts";
import { remoteCopy } from "../../../src/kernel/config/sources.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import { reasonOf } from "../../../src/kernel/outgoing/configured.ts";
import { Loop } from "../../../src/kernel/process/loop.ts";
import { createRemoteReader, type RemoteReader } from "../../../src/kernel/remote-config/reader.ts";
import { roles } from "../../services.ts";
import { changesOf } from "../../../src/kernel/config/changes.ts";

const readMsMax = 5_000;
const lookEveryMs = 10_000;

/**
 * Copies the remote configuration into the data folder, from where every command reads it.
 * @param warn takes a sentence where the copy of an earlier start is used instead
 * @throws ConfigError where it cannot be read, and was not read before
 */
export async function copyRemoteConfig({ place, data }: RemoteConfig, warn: (sentence: string) => void): Promise<void> {
  try {
    await copy(data, await readText(createRemoteReader(place)));
  } catch (error) {
    const problem = `${place.engine} at ${new URL(place.url).host} cannot be read: ${reasonOf(error)}`;
    if ((await copyIn(data)) === undefined)
      throw new ConfigError([{ where: "KINORA_CONFIG_URL", says: `${problem}; start it, or correct the URL` }]);
    warn(`kinora: KINORA_CONFIG_URL: ${problem}; the copy of an earlier start is used`);
  }
}

interface Following {
  readonly remote: RemoteConfig;
  readonly config: Config;
  /** Reads the configuration again. @throws ConfigError */
  readonly load: () => Config;
  /** Applies the settings that can be reloaded. */
  readonly apply: (config: Config) => void;
  readonly log: Log;
}

/** Follows the remote configuration, and has changes applied. */
export function followRemoteConfig({ remote, config, load, apply, log }: Following): { stop(): Promise<void> } {
  const { place, data } = remote;
  let current = config;
  let isAway = false;
  // One reader keeps its login.
  const reader = createRemoteReader(place);
  const look = async () => {
    const text = await readText(reader);
    if (isAway) log.info("the remote configuration is read again");
    isAway = false;
    const former = await copyIn(data);
    if (text === former) return lookEveryMs;
    await copy(data, text);
    try {
      const next = load();
      const { applied, pending } = changesOf(current, next, roles);
      apply(next);
      current = next;
      log.info("the remote configuration changed", { applied, afterRestart: pending });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // Commands read the copy, and are to find settings that work.
      if (former !== undefined) await copy(data, former);
      log.error("the remote configuration is refused, and the former one stays", { problems: error.problems });
    }
    return lookEveryMs;
  };
  const loop = new Loop(look, (error) => {
    if (!isAway) log.warn("the remote configuration cannot be read", { failure: reasonOf(error) });
    isAway = true;
  });
  loop.wake();
  return loop;
}

/** Settings as they are copied: one order for the same settings. */
async function readText(read: RemoteReader): Promise<string> {
  return `${JSON.stringify(await read(AbortSignal.timeout(readMsMax)), undefined, 2)}\n`;
}

const copyIn = (data: string): Promise<string | undefined> =>
  readFile(join(data, remoteCopy), "utf8").catch(() => undefined);

/** Replaces the copy as a whole, so that no reader sees half of it. */
async function copy(data: string, text: string): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const file = join(data, remoteCopy);
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
