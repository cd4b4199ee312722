import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "#kernel/postgres/postgres";
import { callOf, TestHost } from "#kernel/host/testing";
import { interaction } from "#services/interaction/contract";
import { interactionPlugin } from "../../src/services/interaction/plugin.ts";
import type { Tables } from "../../src/services/interaction/store.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { cpuMs, median } from "../record.ts";

const [videos, people, atOnce, perRound, rounds, goal] = [500, 2_000, 400, 20_000, 3, 5_000];

/** How many likes a second one process makes durable, called in process: PostgreSQL as it is for users, with fsync on. */
export async function likesPerSecond(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
  const postgres = await startPostgres(folder);
  process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
  try {
    await using host = new TestHost({ parts: { clone: false } });
    await host.add(interactionPlugin);
    const db = host.database<Tables>("interaction");
    const notes = Array.from({ length: videos }, (_, n) => n + 1);
    await db
      .insertInto("interaction.video_copies")
      .values(
        notes.map((video_id) => ({
          video_id,
          author_id: 1 + (video_id % 50),
          visibility: "public",
          is_published: true,
          version: 1,
        })),
      )
      .execute();
    const client = host.client(interaction);
    let likeCount = 0;
    const like = () => {
      const place = likeCount++;
      return client.like({ id: 1 + (place % videos) }, callOf(1_000 + (Math.floor(place / videos) % people)));
    };
    const round = async () => {
      const began = performance.now();
      const each = async () => {
        for (let n = 0; n < perRound / atOnce; n++) await like();
      };
      await Promise.all(Array.from({ length: atOnce }, each));
      return (perRound / (performance.now() - began)) * 1_000;
    };
    await round();
    const cpu = async () => {
      const all = processTree(postgres.pid).map(({ pid }) => cpuMs(pid).catch(() => 0));
      return (await Promise.all(all)).reduce((sum, ms) => sum + ms, await cpuMs(process.pid));
    };
    const speeds: number[] = [];
    const before = await cpu();
    for (let n = 0; n < rounds; n++) speeds.push(await round());
    const each = ((await cpu()) - before) / (rounds * perRound);
    const [wrong] = await host.findings("interaction");
    if (wrong !== undefined) throw new Error(`the counts are not those of the rows: ${wrong}`);
    return `In process: **${median(speeds).toFixed(0)} likes a second** (${Math.min(...speeds).toFixed(0)}–${Math.max(...speeds).toFixed(0)}, goal ≥ ${goal.toLocaleString("en")}), each answered after its commit with \`fsync\` and \`synchronous_commit\` on: ${atOnce} callers at once, ${rounds} rounds of ${perRound.toLocaleString("en")} over ${videos} videos, events being told meanwhile; ${each.toFixed(2)} ms of CPU each, the caller, the service and PostgreSQL together.`;
  } finally {
    await postgres[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}
