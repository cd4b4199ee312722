import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { isWhole } from "#kernel/db/console";
import { startPostgres } from "#kernel/postgres/postgres";
import { sql as command } from "../../cmd/sql.ts";
import { runHere } from "../process/command.ts";

const cli = join(import.meta.dirname, "../../cmd/cli.ts");
let folder: string;

describe("the end of a statement", () => {
  for (const [text, whole] of [
    ["SELECT 1", false],
    ["SELECT 1;\n", true],
    ["SELECT ';", false],
    ["SELECT 'it''s;'", false],
    ["SELECT 'it''s;';", true],
    ["SELECT 1 -- ;", false],
    ["SELECT $x$ ; $x$", false],
    ["SELECT $x$ ' $x$;", true],
    ['SELECT 1 AS "a;', false],
    ["SELECT 1 /* ; */", false],
  ] as const)
    it(`${whole ? "is there" : "is not there yet"}: ${text.trim()}`, () => assert.equal(isWhole(text), whole));
});

describe("npm run sql", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-sql-"));
    await using server = await startPostgres(folder);
    const client = new pg.Client({ host: server.socket, user: server.user, database: "postgres" });
    await client.connect();
    await client.query("CREATE DATABASE kinora");
    await client.end();
    const own = new pg.Client({ host: server.socket, user: server.user, database: "kinora" });
    await own.connect();
    await own.query("CREATE SCHEMA video; CREATE TABLE video.films (id BIGINT PRIMARY KEY, title TEXT)");
    await own.query("INSERT INTO video.films VALUES (9007199254740993, E'a\\nb'), (2, NULL)");
    await own.end();
    // Beside a server that runs.
    const { code, stdout } = await sql("", "--plain", "-c", "SELECT * FROM films ORDER BY id");
    assert.equal(code, 0);
    assert.equal(
      stdout,
      "id               │ title\n─────────────────┼──────\n2                │ ∅\n9007199254740993 │ a·b\n(2 rows)\n",
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("starts the database of a stopped folder, and stops it again", async () => {
    for (let round = 0; round < 2; round++) {
      const { code, text } = await sqlHere("SELECT count(*) FROM films");
      assert.deepEqual([code, text], [0, "count\n─────\n2\n(1 row)\n"]);
      assert.equal(existsSync(join(folder, "postgres.lock")), false, "it gave the folder back");
    }
  });

  it("reads multi-line statements, describes tables, and ends at \\q", async () => {
    const { code, stdout } = await sql("SELECT\n 7 AS seven\n;\n\\dt\n\\d films\n\\q\nSELECT 8;\n", "--plain");
    assert.equal(code, 0);
    assert.match(stdout, /^seven\n─────\n7\n\(1 row\)\n/);
    assert.match(stdout, /video +│ films/);
    assert.match(stdout, /title +│ text +│ YES/);
    assert.match(stdout, /films_pkey │ CREATE UNIQUE INDEX/);
    assert.doesNotMatch(stdout, /8/);
  });

  it("runs the last piped statement without a semicolon, and stops with 1 at the first failing one", async () => {
    assert.deepEqual(await sql("SELECT 7 AS seven", "--plain"), {
      code: 0,
      stdout: "seven\n─────\n7\n(1 row)\n",
      stderr: "",
    });
    for (const [failing, message] of [
      ["nonsense;", /^ERROR: syntax error at or near "nonsense"\n$/],
      ["\\nope", /^there is no \\nope/],
    ] as const) {
      const { code, stdout } = await sql(`${failing}\nSELECT 8;\n`, "--plain");
      assert.equal(code, 1);
      assert.match(stdout, message);
      assert.doesNotMatch(stdout, /8/);
    }
  });

  it("exits with 1 when a statement fails, and with 2 for an unknown service", async () => {
    assert.equal((await sqlHere("SELECT nope")).code, 1);
    const { code, error } = await runHere(command, ["nope"]);
    assert.equal(code, 2);
    assert.match(error, /^there is no service nope; services are auth, user, /);
  });
});

const sqlHere = (statement: string) => runHere(command, ["video", "--plain", "-c", statement, "--data", folder]);

/** In a process of its own, which reads its input. */
function sql(
  input: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, "sql", "video", ...args, "--data", folder]);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
