import { parseArgs } from "node:util";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigError } from "../src/kernel/config/load.ts";
import type { ZodType } from "zod";
import { duration, inMs, size } from "../src/kernel/config/values.ts";
import { isOver, lineOf, type Output, report, type Transfer } from "./transfer/report.ts";
import { type ServerCall, Misuse, NoServer, createServerCall } from "./transfer/server.ts";

const usage = `npm run transfer -- COMMAND [OPTIONS]        works on a running server, as an administrator

  move   --from STORE --to STORE [WHICH]   moves files; each is read back before the old one goes
  copy   --from STORE --to STORE [WHICH]   copies files, and leaves them where they are too
  verify --store STORE [WHICH]             compares every byte with what was stored
  repair --store STORE [WHICH]             writes what is damaged again, from another store
  stores                                   the stores there are
  damaged                                  files that no store has undamaged, with their owners
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
type Options = {
  readonly [Name in keyof typeof options]?: (typeof options)[Name]["type"] extends "boolean" ? boolean : string;
};

const pollMs = 1_000;

/** Runs a command on a running server; yields the exit code. */
export async function transfer(
  argv: readonly string[],
  { KINORA_TOKEN: token, ...env }: Readonly<Record<string, string | undefined>>,
  output: Output,
): Promise<number> {
  try {
    const { values, positionals } = parseArguments(argv);
    const [command, id] = positionals;
    if (values.help === true || command === undefined) {
      output.log(usage);
      return values.help === true ? 0 : 2;
    }
    // The arguments are checked before the server is called.
    const run = commandOf(command, id, values);
    return await run(await createServerCall(values, token, env), output);
  } catch (error) {
    if (error instanceof Misuse || error instanceof ConfigError) {
      output.error(error.message);
      return 2;
    }
    if (!(error instanceof NoServer)) throw error;
    output.error(error.message);
    return 3;
  }
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new Misuse(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

type Command = (call: ServerCall, output: Output) => Promise<number>;

function commandOf(command: string, id: string | undefined, values: Options): Command {
  switch (command) {
    case "move":
    case "copy":
      return startTransfer(
        { kind: command, from: requireOption(values, "from"), to: requireOption(values, "to"), ...filterOf(values) },
        values,
      );
    case "verify":
    case "repair":
      return startTransfer({ kind: command, from: requireOption(values, "store"), ...filterOf(values) }, values);
    case "stores":
      return stores;
    case "damaged":
      return listDamaged;
    case "status":
      return id === undefined ? latest : async (call, output) => report(await get(call, idOf(id)), output);
    case "pause":
    case "resume":
    case "cancel": {
      const path = `/${idOf(id)}/${command}`;
      return async (call, output) => {
        output.log(lineOf((await call("POST", path)) as Transfer)); // The contract says so.
        return 0;
      };
    }
    default:
      throw new Misuse(`there is no command ${command}\n\n${usage}`);
  }
}

const startTransfer =
  (input: object, { detach = false }: Options): Command =>
  async (call, output) => {
    const { id } = (await call("POST", "", input)) as Transfer; // The contract says so.
    if (detach) {
      output.log(`transfer ${id} has begun`);
      return 0;
    }
    return follow(call, id, output);
  };

/** Prints progress until the transfer is over. */
async function follow(call: ServerCall, id: number, output: Output): Promise<number> {
  for (let previous = ""; ; ) {
    const current = await get(call, id);
    if (isOver(current) || current.status === "paused") return report(current, output);
    const line = lineOf(current);
    if (line !== previous) output.log(line);
    previous = line;
    await wait(pollMs);
  }
}

const get = async (call: ServerCall, id: number): Promise<Transfer> => (await call("GET", `/${id}`)) as Transfer; // The contract says so.

const latest: Command = async (call, output) => {
  const { list } = (await call("GET", "?page_size=20")) as { list: readonly Transfer[] }; // The contract says so.
  for (const transfer of list) output.log(lineOf(transfer));
  if (list.length === 0) output.log("there were no transfers");
  return 0;
};

const listDamaged: Command = async (call, output) => {
  const { list } = (await call("GET", "/damaged")) as {
    list: readonly { object: string; store: string; size_bytes: number; found_at: string; users: Person[] }[];
  }; // The contract says so.
  for (const { object, store, size_bytes, found_at, users } of list)
    output.log(`✖ ${object}: ${size_bytes} bytes in ${store}, found ${found_at}, of ${users.map(nameOf).join(", ")}`);
  if (list.length === 0) output.log("nothing is damaged, as far as is known");
  return list.length === 0 ? 0 : 1;
};

interface Person {
  readonly id: number;
  /** Empty where the profile could not be had. */
  readonly username: string;
}
const nameOf = ({ id, username }: Person): string => (username === "" ? `person ${id}` : `@${username}`);

const stores: Command = async (call, output) => {
  const { list } = (await call("GET", "/stores")) as {
    list: readonly { name: string; is_default: boolean; is_long_term: boolean; reason: string | null }[];
  }; // The contract says so.
  for (const { name, is_default, is_long_term, reason } of list) {
    const what = [is_default && "the default", is_long_term && "uploads are moved here"].filter(Boolean).join(", ");
    output.log(
      `${reason === null ? "✔" : "✖"} ${name}${what === "" ? "" : ` (${what})`}${reason === null ? "" : `: ${reason}`}`,
    );
  }
  return list.every(({ reason }) => reason === null) ? 0 : 1;
};

function requireOption(values: Options, name: "from" | "to" | "store"): string {
  const value = values[name];
  if (value === undefined) throw new Misuse(`say which store: --${name} STORE`);
  return value;
}

function idOf(text: string | undefined): number {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text))
    throw new Misuse("say which transfer: its ID is in `status`");
  return Number(text);
}

function filterOf(values: Options): object {
  const read = (name: "older-than" | "larger-than" | "rate", schema: ZodType<number>) => {
    const text = values[name];
    const value = text === undefined ? undefined : schema.safeParse(text);
    if (value && !value.success) throw new Misuse(`--${name} ${value.error.issues[0]?.message ?? "is not one"}`);
    return value?.data;
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
