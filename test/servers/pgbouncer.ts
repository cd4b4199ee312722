import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

interface Server {
  /** The folder of its socket, or its address. */
  readonly host: string;
  readonly port?: number;
  readonly user: string;
  readonly database: string;
}

/**
 * A PgBouncer in transaction mode before a PostgreSQL. It has fewer sessions than callers have connections, so each
 * transaction of one connection may get another session. It refuses settings of a session, as it does by default.
 */
export async function startPgBouncer({
  host,
  port: serverPort = 5432,
  user,
  database,
}: Server): Promise<{ url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-pgbouncer-"));
  const [port = 0] = await freePorts(1);
  await writeFile(join(folder, "users.txt"), `"${user}" ""\n`);
  await writeFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
${database} = host=${host} port=${serverPort} dbname=${database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
logfile = ${join(folder, "log")}
`,
  );
  const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));
  assert.ok(program, "pgbouncer is not installed");
  // It does not run as root, whose files it has to read.
  const unlessRoot = process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--map-group=65534"] : [];
  const [first, ...rest] = [...unlessRoot, program, "-q", join(folder, "pgbouncer.ini")];
  const child = spawn(first, rest, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `postgresql://${user}@127.0.0.1:${port}/${database}`;
  await until(async () => {
    assert.equal(child.exitCode, null, "pgbouncer ended");
    const client = new pg.Client({ connectionString: url });
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
