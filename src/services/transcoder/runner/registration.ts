import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { KinoraError, type Log } from "#kernel";
import { ConfigError } from "#kernel/config-error";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { OtherProtocol, RegistrationRefused, runnerProtocol } from "../runners/contract.ts";
import { type Home, HomeAway, NotAHome } from "./home.ts";
import { backoffMs } from "./retry.ts";

/** The kept part of a registration. */
const Registration = z.object({ url: z.string(), id: z.int(), token: z.string() });
export type Registration = z.output<typeof Registration>;
const Registered = z.object({ id: z.int(), runner_token: z.string() });

interface Registering {
  readonly home: Home;
  readonly url: string;
  readonly registrationToken: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The file in the data folder of a runner; readable by its user alone. */
export const registrationFile = (folder: string): string => join(folder, "runner.json");

/** The kept registration at this home; undefined where there is none. @throws ConfigError for one at another home */
export async function keptRegistration(folder: string, url: string): Promise<Registration | undefined> {
  const file = registrationFile(folder);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { data } = Registration.safeParse(jsonIn(text));
  if (data?.url === url) return data;
  const says = data
    ? `this data folder belongs to a runner of ${data.url}: choose another with --data, or remove ${file}`
    : `${file} is damaged: remove it, and register again`;
  throw new ConfigError([{ where: "KINORA_RUNNER_URL", says }]);
}

/** Registers at the home, as soon as that answers, and keeps the token. @throws ConfigError */
export async function register(parts: Registering): Promise<Registration> {
  const { url, registrationToken, folder } = parts;
  if (registrationToken === undefined)
    throw new ConfigError([
      {
        where: "KINORA_RUNNER_TOKEN",
        says: `needed to register at ${url}: make a token under Administration › Runners there`,
      },
    ]);
  const { id, runner_token: token } = await whenHome(parts, registrationToken);
  const registration = { url, id, token };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = registrationFile(folder);
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  {
    await using handle = await open(draft, "wx", 0o600);
    await handle.writeFile(`${JSON.stringify(registration)}\n`);
    await handle.sync();
  }
  await rename(draft, file);
  return registration;
}

async function whenHome({ home, name, version, log, signal, url }: Registering, registrationToken: string) {
  const input = { registration_token: registrationToken, name, version, protocol: runnerProtocol };
  for (let failures = 1; ; failures++) {
    try {
      return await home.post("", input, Registered, AbortSignal.any([signal, AbortSignal.timeout(30_000)]));
    } catch (error) {
      signal.throwIfAborted();
      const problem = problemOf(error, url);
      if (problem) throw new ConfigError([problem]);
      if (failures === 1) log.warn("the home does not answer; the runner waits for it", { err: error });
      await sleep(backoffMs(failures), undefined, { signal });
    }
  }
}

/** The setting to change after a refusal, and how; undefined where waiting helps. */
export function problemOf(error: unknown, url: string): { where: string; says: string } | undefined {
  const where = "KINORA_RUNNER_URL";
  if (error instanceof HomeAway) {
    const code = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : "";
    if (code === "ENOTFOUND")
      return { where, says: `there is no host of this name: set it to the address of the home` };
    if (/CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ALTNAME/.test(code))
      return {
        where,
        says: `the certificate of ${url} is not trusted (${code}): name its authority by NODE_EXTRA_CA_CERTS`,
      };
    return undefined;
  }
  if (error instanceof NotAHome)
    return { where, says: `at ${url} no Kinora with runners answers (${error.message}): set it to the address of one` };
  if (!(error instanceof KinoraError)) return undefined;
  if (error.code === OtherProtocol.code)
    return { where, says: `the versions of ${url} and of this runner do not work together: install the same version` };
  if (error.code === RegistrationRefused.code)
    return {
      where: "KINORA_RUNNER_TOKEN",
      says: `${url} does not know this token, or it was revoked: make another under Administration › Runners`,
    };
  return { where, says: `${url} refuses this runner: ${error.message}` };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
