import { parseArgs } from "node:util";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "../src/kernel/config/load.ts";
import { loadConfig } from "./config.ts";
import { duration, inMs, size } from "../src/kernel/config/values.ts";

const usage = `kinora transfer COMMAND [OPTIONS]        works on a running server, as an administrator

  move   --from STORE --to STORE [WHICH]   moves files; each is read back before the old one goes
  copy   --from STORE --to STORE [WHICH]   copies files, and leaves them where they are too
  verify --store STORE [WHICH]             compares every byte with what was stored
  repair --store STORE [WHICH]             writes what is damaged again, from another store
  stores                                   the stores there are
  damaged                                  files that no store has whole right now, and whose they are
  status [ID]                              one transfer, or the latest ones
  pause ID, resume ID, cancel ID

WHICH: --space upload|media  --user ID  --older-than 30d  --larger-than 10MiB  --rate 20MiB (bytes a second)

  --detach          begins and does not wait; otherwise progress is printed, and Ctrl-C leaves the server at work
  --url ADDRESS     of the server; otherwise as the configuration says (KINORA_PUBLIC_URL, KINORA_PORT, --port)
  KINORA_TOKEN      an administrator's access token; otherwise KINORA_ADMIN_USERNAME and KINORA_ADMIN_PASSWORD sign in

Exit codes: 0 all is well · 1 some objects failed, or the transfer did not end well · 2 asked wrongly · 3 no such server,
or it does not let you in`;

const options = {
  from: { type: "string" },
  to: { type: "string" },
  store: { type: "string" },
  space: { type: "string" },
  user: { type: "string" },
  "older-than": { type: "string" },
  "larger-than": { type: "string" },
  rate: { type: "string" },
  detach: { type: "boolean" },
  url: { type: "string" },
  port: { type: "string" },
  data: { type: "string" },
  help: { type: "boolean" },
} as const;
type Options = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Asked wrongly: exit code 2. */
class Misuse extends Error {}
/** The server cannot be asked, or refuses: exit code 3. */
class NoServer extends Error {}
/** A token that is not good any more, after a quarter of an hour as a rule. */
class TokenOver extends NoServer {}

interface Says {
  log(line: string): void;
  error(line: string): void;
}
interface Transfer {
  readonly id: number;
  readonly kind: string;
  /** The regular reading of a store. */
  readonly is_scrub: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly status: string;
  readonly is_planned: boolean;
  readonly objects_total: number;
  readonly objects_done: number;
  readonly objects_waiting: number;
  readonly objects_skipped: number;
  readonly objects_damaged: number;
  readonly objects_repaired: number;
  readonly objects_failed: number;
  readonly bytes_total: number;
  readonly bytes_done: number;
  readonly reason: string | null;
  readonly failures?: readonly { readonly object: string; readonly message: string }[];
}

const lookEveryMs = 1_000;
const over = ["done", "failed", "cancelled"];

/** Does what a command line asks of a running server; yields the exit code. */
export async function transferring(
  argv: readonly string[],
  { KINORA_TOKEN: token, ...env }: Readonly<Record<string, string | undefined>>,
  says: Says,
): Promise<number> {
  try {
    const { values, positionals } = parsed(argv);
    const [command, id] = positionals;
    if (values.help === true || command === undefined) {
      says.log(usage);
      return values.help === true ? 0 : 2;
    }
    // What it asks must make sense before anybody is asked anything.
    const work = workOf(command, id, values);
    return await work(await serverOf(values, token, env), says);
  } catch (error) {
    if (error instanceof Misuse || error instanceof ConfigError) {
      says.error(error.message);
      return 2;
    }
    if (!(error instanceof NoServer)) throw error;
    says.error(error.message);
    return 3;
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new Misuse(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

type Ask = (verb: "GET" | "POST", path: string, body?: object) => Promise<unknown>;
type Work = (ask: Ask, says: Says) => Promise<number>;

function workOf(command: string, id: string | undefined, values: Options): Work {
  switch (command) {
    case "move":
    case "copy":
      return begin(
        { kind: command, from: needed(values, "from"), to: needed(values, "to"), ...whichOf(values) },
        values,
      );
    case "verify":
    case "repair":
      return begin({ kind: command, from: needed(values, "store"), ...whichOf(values) }, values);
    case "stores":
      return stores;
    case "damaged":
      return damaged;
    case "status":
      return id === undefined ? latest : async (ask, says) => shown(await get(ask, idOf(id)), says);
    case "pause":
    case "resume":
    case "cancel": {
      const path = `/${idOf(id)}/${command}`;
      return async (ask, says) => {
        says.log(lineOf((await ask("POST", path)) as Transfer)); // The contract says so.
        return 0;
      };
    }
    default:
      throw new Misuse(`there is no command ${command}\n\n${usage}`);
  }
}

const begin =
  (given: object, { detach = false }: Options): Work =>
  async (ask, says) => {
    const { id } = (await ask("POST", "", given)) as Transfer; // The contract says so.
    if (detach) {
      says.log(`transfer ${id} has begun`);
      return 0;
    }
    return follow(ask, id, says);
  };

/** Tells how far it is until it is over. */
async function follow(ask: Ask, id: number, says: Says): Promise<number> {
  for (let before = ""; ; ) {
    const now = await get(ask, id);
    if (over.includes(now.status) || now.status === "paused") return shown(now, says);
    const line = lineOf(now);
    if (line !== before) says.log(line);
    before = line;
    await wait(lookEveryMs);
  }
}

const get = async (ask: Ask, id: number): Promise<Transfer> => (await ask("GET", `/${id}`)) as Transfer; // The contract says so.

const latest: Work = async (ask, says) => {
  const { list } = (await ask("GET", "?page_size=20")) as { list: readonly Transfer[] }; // The contract says so.
  for (const one of list) says.log(lineOf(one));
  if (list.length === 0) says.log("there were no transfers");
  return 0;
};

const damaged: Work = async (ask, says) => {
  const { list } = (await ask("GET", "/damaged")) as {
    list: readonly { object: string; store: string; size_bytes: number; found_at: string; users: Person[] }[];
  }; // The contract says so.
  for (const { object, store, size_bytes, found_at, users } of list)
    says.log(`✖ ${object}: ${size_bytes} bytes in ${store}, found ${found_at}, of ${users.map(nameOf).join(", ")}`);
  if (list.length === 0) says.log("nothing is damaged, as far as is known");
  return list.length === 0 ? 0 : 1;
};

interface Person {
  readonly id: number;
  /** Empty where the profile could not be had. */
  readonly username: string;
}
const nameOf = ({ id, username }: Person): string => (username === "" ? `person ${id}` : `@${username}`);

const stores: Work = async (ask, says) => {
  const { list } = (await ask("GET", "/stores")) as {
    list: readonly { name: string; is_default: boolean; is_long_term: boolean; reason: string | null }[];
  }; // The contract says so.
  for (const { name, is_default, is_long_term, reason } of list) {
    const what = [is_default && "the default", is_long_term && "uploads are moved here"].filter(Boolean).join(", ");
    says.log(
      `${reason === null ? "✔" : "✖"} ${name}${what === "" ? "" : ` (${what})`}${reason === null ? "" : `: ${reason}`}`,
    );
  }
  return list.every(({ reason }) => reason === null) ? 0 : 1;
};

function shown(now: Transfer, says: Says): number {
  says.log(lineOf(now));
  for (const { object, message } of now.failures ?? []) says.log(`✖ ${object}: ${message}`);
  return now.objects_failed === 0 && now.status !== "failed" && now.status !== "cancelled" ? 0 : 1;
}

function lineOf(now: Transfer): string {
  const where = now.to === null ? (now.from ?? "") : `${now.from ?? "anywhere"} → ${now.to}`;
  const percent = now.bytes_total === 0 ? 100 : Math.floor((now.bytes_done / now.bytes_total) * 100);
  const counts = [
    `${now.objects_done} of ${now.objects_total} objects`,
    `${percent} % of ${mebibytes(now.bytes_total)}`,
    now.objects_waiting > 0 && `${now.objects_waiting} in both stores until nobody reads the old ones`,
    now.objects_damaged > 0 && `${now.objects_damaged} damaged`,
    now.objects_repaired > 0 && `${now.objects_repaired} repaired`,
    now.objects_skipped > 0 && `${now.objects_skipped} not needed any more`,
    now.objects_failed > 0 && `${now.objects_failed} failed`,
  ].filter(Boolean);
  const progress = now.is_planned ? counts.join(", ") : "looks what there is to do";
  return `${now.id}  ${now.is_scrub ? "scrub" : now.kind} ${where}  ${now.status}: ${progress}${now.reason === null ? "" : ` (${now.reason})`}`;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function needed(values: Options, name: "from" | "to" | "store"): string {
  const value = values[name];
  if (value === undefined) throw new Misuse(`say which store: --${name} STORE`);
  return value;
}

function idOf(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text))
    throw new Misuse("say which transfer: its ID is in `status`");
  return Number(text);
}

function whichOf(values: Options): object {
  const read = (name: "older-than" | "larger-than" | "rate", schema: ReturnType<typeof size>) => {
    const text = values[name];
    const found = text === undefined ? undefined : schema.safeParse(text);
    if (found && !found.success) throw new Misuse(`--${name} ${found.error.issues[0]?.message ?? "is not one"}`);
    return found?.data;
  };
  const older = read("older-than", duration(0, 36_500 * inMs.day));
  const larger = read("larger-than", size(0));
  const rate = read("rate", size(1));
  return {
    ...(values.space !== undefined && { space: values.space }),
    ...(values.user !== undefined && { user_id: Number(values.user) }),
    // Lengths of time are in seconds at the edge.
    ...(older !== undefined && { older_than: older / 1_000 }),
    ...(larger !== undefined && { larger_than_bytes: larger }),
    ...(rate !== undefined && { bytes_per_second: rate }),
  };
}

/** The server that is meant, asked as an administrator. @throws NoServer */
async function serverOf(
  { url, port, data }: Options,
  token: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ask> {
  const flags = [...(port === undefined ? [] : ["--port", port]), ...(data === undefined ? [] : ["--data", data])];
  const { server, site } = loadConfig(flags, env, process.cwd()).config;
  const scheme = server.tlsCert === undefined ? "http" : "https";
  const base = (url ?? server.publicUrl ?? `${scheme}://127.0.0.1:${server.port}`).replace(/\/$/, "");
  const ask = async (verb: string, path: string, bearer: string | undefined, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: verb,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      throw new NoServer(`no server answers at ${base}; start it, or say where it is with --url (${causeOf(error)})`);
    });
    const text = await answer.text();
    const envelope = isJson(text) ? (JSON.parse(text) as { data: unknown; message: string }) : undefined; // The edge's envelope.
    if (answer.ok && envelope) return envelope.data;
    const reason = envelope?.message ?? `status ${answer.status}`;
    if (answer.status === 401) throw new TokenOver(`${base}: ${reason}`);
    if (answer.status === 403 || answer.status >= 500 || !envelope) throw new NoServer(`${base}: ${reason}`);
    throw new Misuse(reason);
  };
  const signIn = () => signedIn(site, (body) => ask("POST", "/users/login", undefined, body));
  let bearer = token ?? (await signIn());
  return async (verb, path, body) => {
    const once = () => ask(verb, `/transfer${path}`, bearer, body);
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof TokenOver) || token !== undefined) throw error;
      bearer = await signIn();
      return once();
    }
  };
}

async function signedIn(
  {
    adminUsername: username,
    adminPassword: password,
  }: { adminUsername?: string | undefined; adminPassword?: string | undefined },
  login: (body: object) => Promise<unknown>,
): Promise<string> {
  if (username === undefined || password === undefined)
    throw new NoServer("who are you? Set KINORA_TOKEN, or KINORA_ADMIN_USERNAME and KINORA_ADMIN_PASSWORD");
  return ((await login({ username, password })) as { token: string }).token; // The contract of sign-in.
}

const isJson = (text: string): boolean => text.startsWith("{");
const causeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};
