import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import pg from "pg";

/** The rows that `rest-server.ts` reads. */
export async function seedTags(socket: string): Promise<void> {
  const seed = new pg.Client({ host: socket, user: "kinora", database: "postgres" });
  await seed.connect();
  await seed.query(`CREATE TABLE tags AS SELECT id::bigint, 'tag number ' || id AS name, (id * 3)::integer AS video_count,
    id % 2 = 0 AS is_hot, 1790000000000 + id AS created_at_ms FROM generate_series(1, 1000) AS id;
    ALTER TABLE tags ADD PRIMARY KEY (id); ANALYZE tags`);
  await seed.end();
}

/** Starts `rest-server.ts` in a process of its own. */
export function restServer(
  mode: "contract" | "plain",
  folder: string,
  socket: string,
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "rest-server.ts"), mode, folder, socket], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`the ${mode} server ended`)));
    child.stdout?.once("data", (line: Buffer) =>
      resolve({ url: `http://127.0.0.1:${String(line).match(/port (\d+)/)?.[1]}`, child }),
    );
  });
}
