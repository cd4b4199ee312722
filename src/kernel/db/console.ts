import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { connectionOf, type DbAddress } from "./pool.ts";
import { schemaOf } from "./tables.ts";

const historyFile = join(import.meta.dirname, "../../../.kinora/sql-history");
const historyMax = 500;
const cellWidthMax = 60;
/** Values as PostgreSQL writes them. */
const asText = { getTypeParser: () => (text: string) => text };

const tables = `SELECT schemaname AS schema, relname AS table, n_live_tup AS "rows, about" FROM pg_stat_user_tables
  WHERE schemaname = current_schema() ORDER BY 1, 2`;
const columnsOf = `SELECT column_name AS column, data_type AS type, is_nullable AS nullable, column_default AS default
  FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`;
const indexesOf =
  "SELECT indexname AS index, indexdef AS definition FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1 ORDER BY 1";

type Say = (line: string) => void;

/**
 * Runs a statement on a connection of its own, or the statements typed by the operator where none is given. Tables of
 * the service need no schema. @returns true if all succeeded
 */
export async function openConsole(address: DbAddress, name: string, statement: string | undefined, say: Say) {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    await client.query(`SET search_path TO ${schemaOf(name)}`);
    if (statement !== undefined) return await run(client, { text: statement }, say);
    return await talk(client, name, say);
  } finally {
    await client.end();
  }
}

/** The variables by which psql finds a database: its command line can be read by everybody. */
export function psqlEnvironment(address: DbAddress, service: string): Readonly<Record<string, string>> {
  const { host, port, user, password, database } = new pg.Client(connectionOf(address));
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGOPTIONS: `-c search_path=${schemaOf(service)}`,
    ...(database !== undefined && { PGDATABASE: database }),
    ...(user !== undefined && { PGUSER: user }),
    ...(typeof password === "string" && { PGPASSWORD: password }),
    ...("url" in address && tlsOf(new URL(address.url))),
  };
}

/** How the connection is secured, as the URL says. */
function tlsOf({ searchParams }: URL): Readonly<Record<string, string>> {
  const names = { sslmode: "PGSSLMODE", sslrootcert: "PGSSLROOTCERT", sslcert: "PGSSLCERT", sslkey: "PGSSLKEY" };
  const variables = Object.entries(names).map(([name, variable]) => [variable, searchParams.get(name)] as const);
  return Object.fromEntries(variables.flatMap(([variable, value]) => (value === null ? [] : [[variable, value]])));
}

/**
 * Reads statements from standard input until its end or \q, and prints their results. If they are piped, the first
 * failure ends it, and the last one needs no semicolon. Returns false after a failure.
 */
async function talk(client: pg.Client, name: string, say: Say): Promise<boolean> {
  const isPerson = process.stdin.isTTY;
  const lines = createInterface({
    input: process.stdin,
    ...(isPerson && { output: process.stdout, history: readHistory(), historySize: historyMax }),
  });
  lines.on("history", writeHistory);
  if (isPerson) say("Statements end with a semicolon; \\dt lists tables, \\d TABLE describes one, \\q ends.");
  let text = "";
  const ask = (): void => {
    if (!isPerson) return;
    lines.setPrompt(`${name}${text === "" ? "=>" : "->"} `);
    lines.prompt();
  };
  let isFine = true;
  ask();
  for await (const line of lines) {
    if (text === "" && line.trim() === "\\q") break;
    if (text === "" && line.trimStart().startsWith("\\")) isFine = await describe(client, line.trim(), say);
    else if (text !== "" || line.trim() !== "") {
      text += `${line}\n`;
      if (isWhole(text)) {
        isFine = await run(client, { text }, say);
        text = "";
      }
    }
    if (!isPerson && !isFine) break;
    ask();
  }
  lines.close();
  if (isPerson) return true;
  return isFine && (text === "" || (await run(client, { text }, say)));
}

async function describe(client: pg.Client, line: string, say: Say): Promise<boolean> {
  const [command, table] = line.replace(/;$/, "").split(/\s+/);
  if (command === "\\dt" || (command === "\\d" && table === undefined)) return run(client, { text: tables }, say);
  if (command === "\\d" && table !== undefined) {
    for (const text of [columnsOf, indexesOf]) if (!(await run(client, { text, values: [table] }, say))) return false;
    return true;
  }
  say(`there is no ${command}: \\dt, \\d TABLE and \\q are known`);
  return false;
}

async function run(client: pg.Client, query: pg.QueryConfig, say: Say): Promise<boolean> {
  try {
    const answer: unknown = await client.query({ ...query, types: asText, rowMode: "array" });
    for (const result of Array.isArray(answer) ? answer : [answer])
      say(formatResult(result as pg.QueryArrayResult<string[]>)); // As asked.
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    say(`${error.severity ?? "ERROR"}: ${error.message}${error.hint === undefined ? "" : `\n  ${error.hint}`}`);
    return false;
  }
}

/** Rows as a table with a line for the names and one for their number. */
function formatResult({ fields, rows, command, rowCount }: pg.QueryArrayResult<(string | null)[]>): string {
  if (fields.length === 0) return `${command} ${rowCount ?? ""}`.trim();
  const cells = rows.map((row) => row.map((value) => oneLine(value ?? "∅")));
  const widths = fields.map(({ name }, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(" │ ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  const count = `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`;
  return [lineOf(fields.map(({ name }) => name)), rule, ...cells.map(lineOf), count].join("\n");
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- users' text must not steer the terminal
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "·");
  return line.length > cellWidthMax ? `${line.slice(0, cellWidthMax - 1)}…` : line;
}

/** True if a text ends with a semicolon outside of quotes and comments (PostgreSQL, 4.1 Lexical Structure). */
export function isWhole(text: string): boolean {
  const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|(\$\w*\$)[^]*?\1/g;
  const unquoted = text.replaceAll(quoted, " ").trimEnd();
  return unquoted.endsWith(";") && !/['"]|\/\*|\$\w*\$/.test(unquoted);
}

function readHistory(): string[] {
  try {
    return readFileSync(historyFile, "utf8").split("\n").filter(Boolean);
  } catch {
    return []; // The first time there is none.
  }
}

function writeHistory(history: readonly string[]): void {
  mkdirSync(dirname(historyFile), { recursive: true });
  writeFileSync(historyFile, history.join("\n"), { mode: 0o600 });
}
