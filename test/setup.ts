import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Postgres, startPostgres } from "#kernel/postgres";

/** Test databases are thrown away, so they need not survive a crash; suites about crashes start their own. */
const careless = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "400" };
let folder: string;
let postgres: Postgres;

/** Runs once, before the first test file; test files inherit the environment. */
export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "kinora-"));
  postgres = await startPostgres(folder, careless);
  process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
}

export async function globalTeardown(): Promise<void> {
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
}
