import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, statfs, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import pg from "pg";
import { notMountable } from "./mountable.ts";
import { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { pieces, temporary, unlimited, untilTidy } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { ByChunks, ByHash, ByTus, sha256, smallChunks } from "../../uploads/sending.ts";
import { rows, settled } from "../../instance/tables.ts";
import { Writers } from "../../users/writers.ts";
import { publish } from "../../encoder.ts";
import { freePorts } from "../../ports.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

const run = promisify(execFile);
const clip = join(import.meta.dirname, "../../media/one-frame.mp4");
const mebibyte = 2 ** 20;
/** The size of the whole small disk, the database included. */
const diskMebibytes = 448;
/** Below this the store refuses, so that the database can go on. */
const reserveMebibytes = 64;

describe("F10: a full disk", { skip: notMountable() }, () => {
  it("refuses uploads with 507, allows reads, and lets uploads in parts continue once there is space", async () => {
    await using disk = await smallDisk();
    await using instance = await Instance.on({ data: disk.data, env: { ...unlimited, ...smallChunks } });
    await instance.restart();
    const { pid } = instance;
    const person = new Person(instance.url);
    await person.signUp();
    const bytes = await readFile(clip);
    const sendings = [new ByChunks(person, "chunks"), new ByTus(person, "tus"), new ByHash(person, "by hash")];
    const first = await person.upload(bytes);
    const { data: video } = await person.ask("POST", "/videos", {
      body: { title: "Before", media_id: first.data["id"] },
    });
    await settled(instance);

    await disk.leave(reserveMebibytes - 16);
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(100)])), instance);
    assert.ok((await person.ask("POST", `/videos/${String(video["id"])}/like`)).status === 200);
    const ready = await fetch(`${instance.url}/ready`);
    const { degraded } = (await ready.json()) as { degraded?: { storage?: string } }; // The answer's shape.
    assert.deepEqual([ready.status, degraded?.storage?.slice(0, 16)], [200, "the disk is full"]);

    await disk.leave(reserveMebibytes + 24);
    // It begins, and the space runs out on the way.
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(60 * mebibyte)])), instance);
    const { reserved_bytes } = await person.get("/upload/usage");
    assert.equal(reserved_bytes, 0);

    // Two of their three parts have space, with room for what the database takes and gives back meanwhile.
    for (const sending of sendings) {
      await disk.leave(reserveMebibytes + 1.5);
      assert.equal((await sending.goOn()).status, 507);
    }
    const received = await partsReceived(person);
    assert.deepEqual([received.length, received.every((sizeBytes) => sizeBytes > 0)], [sendings.length, true]);

    await disk.leave(0);
    await isRefused(await person.upload(Buffer.concat([bytes, randomBytes(100)])), instance);
    for (const sending of sendings) assert.equal((await sending.goOn()).status, 507);
    assert.equal((await person.get(`/videos/${String(video["id"])}`))["title"], "Before");
    assert.equal((await person.get("/users/me"))["username"], person.username);
    for (let n = 0; n < 50; n++) {
      const { status, error } = await person.ask("PUT", "/users/me", { body: { introduction: "x".repeat(200) + n } });
      assert.ok([200, 507, 503].includes(status), `${status} ${error}`);
    }

    await disk.leave(reserveMebibytes + 64);
    const again = await until(async () => {
      const answer = await person.upload(Buffer.concat([bytes, randomBytes(100)]));
      return answer.status < 300 ? answer : undefined;
    });
    assert.deepEqual(await partsReceived(person), received);
    for (const sending of sendings) {
      await sending.isIntact();
      assert.equal((await sending.goOn()).status, 200);
    }
    await settled(instance);
    const files = await rows(instance.data, "upload", "SELECT sha256 FROM files ORDER BY id DESC LIMIT 3");
    assert.deepEqual(
      files.map((file) => file["sha256"]),
      sendings.map(({ bytes: sent }) => sha256(sent)).toReversed(),
    );
    assert.equal((await person.get(`/media/${String(again.data["id"])}`))["status"], "ready");
    assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
    assert.equal(instance.pid, pid);
    await untilTidy(instance);
    await until(async () => (await pieces(instance.data)).length === 0);
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(await findings(instance.data), []);
  });

  it("D9: ends the recording of a live stream with what is stored, says so to its host, and goes on for viewers", async () => {
    await using disk = await smallDisk();
    const [port = 0] = await freePorts(1);
    await using instance = await Instance.on({
      data: disk.data,
      env: unlimited,
      flags: ["--rtmp-port", String(port)],
    });
    await instance.restart();
    const host = new Person(instance.url);
    await host.signUp();
    const { data: room } = await host.ask("POST", "/lives", { body: { title: "Harbour" } });
    const path = `/lives/${String(room["id"])}`;
    await host.ask("POST", `${path}/start`);
    const encoder = publish(`rtmp://127.0.0.1:${port}/live/${String(room["stream_key"])}`);
    try {
      const isWarned = async () => {
        const { data } = await host.ask("GET", `${path}/health`);
        return (data["warnings"] as string[] | undefined)?.includes("recording_stopped") ?? false; // As the contract has it.
      };
      const newest = async () => {
        const answer = await fetch(`${instance.url}/api/v1${path}/hls/video.m3u8`);
        const numbers = (await answer.text()).matchAll(/^video-(\d+)\.m4s$/gm);
        return Math.max(-1, ...Array.from(numbers, ([, number]) => Number(number)));
      };
      await until(async () => (await newest()) >= 3);
      assert.equal(await isWarned(), false);
      await disk.leave(0);
      await until(isWarned);
      const lost = await newest();
      await disk.leave(2 * reserveMebibytes);
      await until(async () => (await newest()) >= lost + 3);
      await host.ask("POST", `${path}/end`);
      const videoId = await until(async () => (await host.get(path))["video_id"] ?? undefined, {
        said: () => instance.log.slice(-20).join("\n"),
      });
      const folder = `${instance.url}/api/v1/streaming/${Number(videoId)}/recorded`;
      const index = await (await fetch(`${folder}/index.m3u8`)).text();
      const segments = index.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      assert.ok(segments.length >= 2 && segments.length <= lost + 1, `${segments.length} segments of ${lost + 1}`);
      for (const segment of segments) assert.equal((await fetch(new URL(segment, `${folder}/`))).status, 200);
    } finally {
      encoder.kill("SIGKILL");
    }
  });

  it("F4: loses no acknowledged write without space for the write-ahead log, and the database restarts by itself", async () => {
    await using disk = await smallDisk();
    await using instance = await Instance.on({ data: disk.data, env: unlimited });
    await instance.restart();
    const { pid } = instance;
    const writers = await Writers.start(instance);

    await exhausted(instance, disk);
    await writers.areRefused(503);
    assert.equal((await fetch(`${instance.url}/ready`)).status, 503);
    assert.equal((await fetch(`${instance.url}/health`)).status, 200);

    await disk.leave(2 * reserveMebibytes);
    await until(async () => (await fetch(`${instance.url}/ready`)).ok);
    await writers.advance(3);
    await writers.finish([503, 507]);
    assert.equal(instance.pid, pid);
    assert.match(instance.log.join("\n"), /the disk is full and the database ended: it is restarted/);
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(await findings(instance.data), []);
  });
});

/** Long on a machine that does much else: the database has to come back, and to end again. */
const exhaustedMsMax = 420_000;

/**
 * Fills the disk, and uses up the write-ahead log that is there, until the server has to give up. It may come back once
 * or twice with what it finds; then it is asked again.
 */
async function exhausted(instance: Instance, disk: Awaited<ReturnType<typeof smallDisk>>): Promise<void> {
  const hasGivenUp = () => instance.log.some((line) => line.includes("the disk is full and the database ended"));
  const host = join(instance.data, "postgres.socket");
  await disk.leave(0);
  await until(
    async () => {
      if (hasGivenUp()) return true;
      // Without any space nobody can connect.
      await disk.give(2);
      const client = new pg.Client({ host, user: "kinora", database: "postgres" });
      client.on("error", () => undefined);
      try {
        await client.connect();
        await disk.fill();
        for (;;) await client.query("SELECT pg_logical_emit_message(false, '', repeat('x', 4000000))");
      } catch {
        return hasGivenUp();
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    { waitMs: exhaustedMsMax, said: () => instance.log.slice(-20).join("\n") },
  );
}

/** How many bytes have arrived of each upload that is not finished. */
async function partsReceived(person: Person): Promise<number[]> {
  const list = (await person.get("/upload/list"))["list"] as { received: number }[]; // A page of uploads.
  return list.map(({ received }) => received);
}

async function isRefused({ status, error }: Awaited<ReturnType<Person["upload"]>>, instance: Instance): Promise<void> {
  assert.deepEqual([status, error], [507, "kernel.storage_full"]);
  await until(async () => (await temporary(instance.data)).length === 0);
  const files = await rows(instance.data, "upload", "SELECT FROM files");
  assert.equal(files.length, 1);
}

/** A file system of its own in memory, with a folder on it as a first start leaves it. */
async function smallDisk() {
  const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${diskMebibytes}m`, "tmpfs", folder]);
  const data = join(folder, "data");
  const copy = await templateCopy();
  await run("cp", ["-a", copy, data]);
  await rm(copy, { recursive: true });
  const ballast = join(folder, "ballast");
  return {
    data,
    /** Fills it up to so many free mebibytes. */
    async leave(mebibytes: number): Promise<void> {
      await rm(ballast, { force: true });
      const { bavail, bsize } = await statfs(folder);
      const length = bavail * bsize - mebibytes * mebibyte;
      assert.ok(length > 0, "the small disk is too small for this");
      if (mebibytes === 0) return this.fill();
      await writeFile(ballast, "");
      await run("fallocate", ["-l", String(length), ballast]);
    },
    /** Takes what is left, to the last byte, while others take some too. */
    async fill(): Promise<void> {
      const args = ["if=/dev/zero", `of=${ballast}`, "bs=4k", "oflag=append", "conv=notrunc"];
      await run("dd", args).catch(() => undefined);
    },
    /** Gives so many mebibytes back. */
    async give(mebibytes: number): Promise<void> {
      await truncate(ballast, (await stat(ballast)).size - mebibytes * mebibyte);
    },
    async [Symbol.asyncDispose]() {
      await run("umount", ["--lazy", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
