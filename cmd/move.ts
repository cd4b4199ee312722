import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Config, ConfigError } from "../src/kernel/config/load.ts";
import { cancelMove, beginMove, finishMove, type Move, runMove } from "../src/kernel/db/move/move.ts";
import { assertMovable, assertServers } from "../src/kernel/db/move/preflight.ts";
import { openSession, type Session } from "../src/kernel/db/move/session.ts";
import { MoveRefused } from "../src/kernel/db/move/target.ts";
import { type MoveState, readMove, sealedPlaceOf } from "../src/kernel/db/moved.ts";
import { missingIn, partsOf, tryUpgradeLock } from "../src/kernel/db/upgrade/migrate.ts";
import { createFailpoints, noFailpoints } from "../src/kernel/environment/failpoint.ts";
import { schemaFor } from "../src/kernel/host/service-schema.ts";
import { createSealing, type Sealing } from "../src/kernel/keys/sealing.ts";
import { loadConfig } from "./compose/config.ts";
import { assertDurable } from "./compose/databases/databases.ts";
import { openAddress } from "./compose/databases/running-databases.ts";
import { clusterSecretsOf } from "./compose/fleet/cluster-secret.ts";
import { ownAddress } from "./compose/share.ts";
import { assertInstallation } from "./move/installation.ts";
import { companions, loadPlugins, resolveRole, serviceNames } from "./services.ts";

const usage = `npm run move -- SERVICE[,SERVICE…]|all --to URL|--to-file FILE [the flags of npm start]
npm run move -- SERVICE[,SERVICE…]|all --status|--cancel [the flags of npm start]

Moves the tables of services to another PostgreSQL, beside running processes, which follow by themselves. Writes to a
service wait for some moments at the end of its move, five seconds at most. Then set the address that is printed, before
any process starts again. Without running processes it works too. What is interrupted goes on with the same command.

  all        every service whose tables are in the shared database
  --to       the new database, which Kinora's user may create schemas in: postgres://user:password@host/database
  --to-file  a file with this URL
  --status   prints how far the move of each is
  --cancel   forgets a move that did not end; everything stays where it was

docs/deploy/grow.md shows how an installation grows by this.

Exit codes: 0 done · 1 it could not be done · 2 wrong arguments, or a database that cannot take the tables`;

type Output = Pick<Console, "log" | "error">;

/** Yields the exit code. */
export async function move(argv: readonly string[], environment: NodeJS.ProcessEnv, output: Output): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const [named = "", ...words] = argv;
  const request = readRequest(words);
  if (named.startsWith("-") || named === "" || request === undefined) {
    output.error(usage);
    return 2;
  }
  const { config } = loadConfig(request.flags, environment, process.cwd());
  const services = servicesOf(config, named);
  const problem = services.length === 0 ? "no service lies in the shared database" : faultOf(services, named);
  if (problem !== undefined) {
    output.error(problem);
    return 2;
  }
  try {
    await using open = new AsyncDisposableStack();
    const parts = { config, output, open, sealing: createSealing(await clusterSecretsOf(config)) };
    const sources = await openSources(services, parts);
    if (request.what === "status") for (const source of sources) output.log(await describe(source));
    else if (request.what === "cancel") for (const source of sources) await cancel(source, parts);
    else await moveAll(sources, request.url, named === "all", parts);
    return 0;
  } catch (error) {
    if (error instanceof MoveRefused || error instanceof ConfigError) {
      output.error(error.message);
      return 2;
    }
    output.error(`${reasonOf(error)}\nThe move has not ended: run it again.`);
    return 1;
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // The words of `pg` for each statement after the connection was lost.
  return /not queryable|Connection terminated/.test(text) ? "The connection to one of the databases was lost." : text;
}

interface Request {
  readonly what: "move" | "status" | "cancel";
  /** The new database; empty where there is nothing to move. */
  readonly url: string;
  readonly flags: readonly string[];
}

/** Undefined where the words do not say one thing to do. */
function readRequest(words: readonly string[]): Request | undefined {
  const flags: string[] = [];
  const requests: Omit<Request, "flags">[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const value = words[at + 1] ?? "";
    if (word === "--status" || word === "--cancel")
      requests.push({ what: word === "--status" ? "status" : "cancel", url: "" });
    else if (word === "--to") requests.push({ what: "move", url: value });
    else if (word === "--to-file") requests.push({ what: "move", url: readFileSync(value, "utf8").trim() });
    else flags.push(word);
    if (word === "--to" || word === "--to-file") at += 1;
  }
  const [request, ...further] = requests;
  return request && further.length === 0 ? { ...request, flags } : undefined;
}

function servicesOf(config: Config, named: string): string[] {
  if (named === "all") return serviceNames.filter((service) => ownAddress(config, service) === undefined);
  return [...new Set(named.split(",").map(resolveRole))];
}

function faultOf(services: readonly string[], named: string): string | undefined {
  const unknown = services.filter((service) => !serviceNames.includes(service));
  if (unknown.length > 0) return `there is no service ${unknown.join(", ")}; services are ${serviceNames.join(", ")}`;
  const companion = services.find((service) => Object.hasOwn(companions, service));
  return named !== "all" && companion !== undefined
    ? `${companion} has no setting for a database of its own: it moves with all`
    : undefined;
}

interface Parts {
  readonly config: Config;
  readonly output: Output;
  readonly sealing: Sealing;
  /** Sessions and databases that are closed at the end. */
  readonly open: AsyncDisposableStack;
}

/** A service at the database that its processes start with. */
interface Source extends Pick<Move, "schema" | "failpoints"> {
  readonly service: string;
  readonly source: Session;
  readonly state: MoveState | undefined;
}

/** One session for each database, which alone changes or moves tables there. @throws MoveRefused */
async function openSources(services: readonly string[], { config, open }: Parts): Promise<Source[]> {
  const sessions = new Map<string, Session>();
  const { failpoint } = config.telemetry;
  const failpoints = failpoint ? createFailpoints(failpoint) : noFailpoints;
  const sources: Source[] = [];
  for (const plugin of await loadPlugins(services)) {
    const schema = schemaFor(plugin);
    const { service } = schema;
    const { address } = open.use(await openAddress(config, service));
    const place = JSON.stringify(address);
    let source = sessions.get(place);
    if (source === undefined) {
      source = open.use(await openSession(address));
      sessions.set(place, source);
      if (!(await tryUpgradeLock(source)))
        throw new MoveRefused("another process changes these tables or moves them: wait until it ends");
    }
    sources.push({ service, schema, source, failpoints, state: await readMove(source, service) });
  }
  return sources;
}

interface ServiceMove extends Move {
  readonly service: string;
  /** True where an earlier run came to the switch. */
  readonly isMoved: boolean;
}

async function moveAll(sources: readonly Source[], url: string, isAll: boolean, parts: Parts): Promise<void> {
  const { output, sealing } = parts;
  const place = placeOf(url);
  const target = await openTarget(url, parts);
  const moves: ServiceMove[] = [];
  for (const { state, ...source } of sources) {
    const isMoved = state?.role === "source" && state.movedAtMs !== null;
    if (isMoved && state.place !== place)
      throw new MoveRefused(
        `${source.service} was moved to ${state.place}: set ${state.setting} to that database first`,
      );
    if (state?.role === "source" && !isMoved && state.place !== place)
      throw new MoveRefused(
        `a move of ${source.service} to ${state.place} was begun: name that database, or use --cancel before`,
      );
    if (!isMoved) await assertReady(source, target, state?.id);
    moves.push({ ...source, target, isMoved });
  }
  await assertInstallation(target, sealing);
  // A start on the new database is refused until all of them are there.
  for (const unmoved of moves.filter(({ isMoved }) => !isMoved)) {
    const { service } = unmoved;
    const before = sources.find((source) => source.service === service)?.state;
    const setting = isAll ? "KINORA_DB_URL" : settingOf(service);
    const sealed = sealing.seal(url, sealedPlaceOf(service));
    await beginMove(unmoved, { id: before?.id ?? randomUUID(), place, sealed, setting }, before !== undefined);
  }
  for (const next of moves) await moveOne(next, output);
  const settings = new Set(moves.map(({ service }) => (isAll ? "KINORA_DB_URL" : settingOf(service))));
  output.log(`Before the next start, set ${[...settings].join(", ")} to ${place}; running processes use it already.`);
}

const settingOf = (service: string): string => `KINORA_${service.toUpperCase()}_DB_URL`;

async function moveOne(next: ServiceMove, { log }: Output): Promise<void> {
  const { service } = next;
  if (next.isMoved) {
    await finishMove(next);
    log(`✔ ${service}: has moved`);
    return;
  }
  const { tables, rows, copied, changed, pauseMs, isComparedWhole } = await runMove(next);
  log(
    `✔ ${service}: ${tables} tables, ${copied} rows copied and ${changed} changes carried over; writes waited for ${pauseMs} ms; ` +
      (isComparedWhole
        ? `${rows} rows have the same counts and hashes in both databases`
        : `counts and hashes of all rows were the same before the pause, and those of changed rows during it`),
  );
}

/** @throws MoveRefused where its tables cannot be moved now */
async function assertReady({ source, schema }: Source | Omit<Source, "state">, target: Session, id?: string) {
  const parts = await partsOf(source, [schema]);
  if (missingIn(parts) > 0)
    throw new MoveRefused(`the database of ${schema.service} is that of an older Kinora: start this one first`);
  await assertServers(source, target);
  await assertMovable(source, target, schema, id);
}

/** @throws MoveRefused where it cannot be reached, or does not keep what it acknowledges */
async function openTarget(url: string, { open }: Pick<Parts, "open">): Promise<Session> {
  try {
    const target = open.use(await openSession({ url }));
    await assertDurable(target, false);
    return target;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MoveRefused(`the new database at ${placeOf(url)} cannot be used: ${reason}`, { cause: error });
  }
}

/** Host and name of a database, without the user and the password. @throws MoveRefused for anything else */
function placeOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !["postgres:", "postgresql:"].includes(parsed.protocol) || parsed.pathname.length < 2)
    throw new MoveRefused("--to needs the URL of a database: postgres://user:password@host/database");
  return `${parsed.searchParams.get("host") ?? parsed.host}${parsed.pathname}`;
}

async function describe({ service, state }: Source): Promise<string> {
  if (state === undefined) return `${service}: no move`;
  if (state.role === "target") return `${service}: is being moved here`;
  return state.movedAtMs === null
    ? `${service}: a move to ${state.place} was begun and has not ended`
    : `${service}: was moved to ${state.place} at ${new Date(state.movedAtMs).toISOString()}`;
}

async function cancel({ service, source, schema, state }: Source, parts: Parts): Promise<void> {
  const { output, sealing } = parts;
  if (state?.role !== "source") return output.log(`${service}: no move`);
  if (state.movedAtMs !== null) return output.log(`${service}: was moved to ${state.place}, which cannot be cancelled`);
  const url = sealing.open(state.sealed, sealedPlaceOf(service));
  if (url === undefined)
    throw new MoveRefused(`the cluster secret is not that of the installation: set KINORA_CLUSTER_SECRET`);
  const target = await openTarget(url, parts).catch(() => undefined);
  await cancelMove({ source, target, schema });
  output.log(
    target
      ? `✔ ${service}: the move is cancelled`
      : `✔ ${service}: the move is cancelled; ${state.place} cannot be reached, and keeps the schemas ${service} and ${service}_move`,
  );
}
