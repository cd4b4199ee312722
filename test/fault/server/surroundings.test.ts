import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "../../instance/instance.ts";
import { distinctClip } from "../../uploads/distinct-clip.ts";
import { doctor, doctorHere, findings } from "../../instance/doctor.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { failedStart } from "../../instance/failed-start.ts";
import { rows, settled } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

describe("F21: a server in an unsuitable environment", () => {
  it("reports a port in use and how to choose another, before it creates anything", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // It listens on TCP.
    try {
      for (const [flag, options] of [
        ["--port", { port }],
        ["--rpc-port", { flags: ["--rpc-port", String(port)] }],
      ] as const) {
        await using instance = await Instance.on(options);
        const { code, text } = await failedStart(instance);
        assert.match(text, new RegExp(`^Kinora cannot start: .*${port} on 127.0.0.1 is in use: .*with ${flag}$`));
        assert.deepEqual([code, await readdir(instance.data)], [1, []]);
      }
      const checked = await doctorHere(["--data", join(tmpdir(), "kinora-none"), "--port", String(port)]);
      assert.match(checked.text, new RegExp(`public port: ${port} on 127.0.0.1 is in use`));
    } finally {
      server.close();
    }
  });

  it("starts without FFmpeg, lets uploads wait, and processes them once it is available, even without a home folder", async () => {
    const empty = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    try {
      await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
      await instance.restart({ PATH: empty });
      const person = new Person(instance.url);
      await person.signUp();
      const { status, data } = await person.upload(await readFile(clip));
      assert.ok(status < 300, String(status));
      await until(async () => (await waiting(instance)).length === 1);
      assert.equal((await person.get(`/media/${String(data["id"])}`))["status"], "processing");
      assert.match(instance.log.join("\n"), /videos wait until there is an FFmpeg/);
      const { code, text } = await doctor(["--data", instance.data], { PATH: empty });
      assert.deepEqual([code, /✖ FFmpeg: none found/.test(text)], [1, true], text);
      await instance.stop();
      await lookAgain(instance.data);
      await instance.restart({ HOME: "/nonexistent", XDG_CACHE_HOME: "/nonexistent" });
      person.hangUp();
      const later = await person.upload(distinctClip(await readFile(clip), "without a home"));
      assert.ok(later.status < 300, String(later.status));
      await settled(instance);
      for (const sent of [data, later.data])
        assert.equal((await person.get(`/media/${String(sent["id"])}`))["status"], "ready");
      assert.equal(await instance.stop(), 0);
      assert.deepEqual(await findings(instance.data), []);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it("refuses a data folder in use and names its process, even with an external database (F20)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
    try {
      await using outside = await startPostgres(folder);
      const KINORA_DB_URL = `postgres://${outside.user}@localhost/postgres?host=${encodeURIComponent(outside.socket)}`;
      await using first = await Instance.start({ env: { ...unlimited, KINORA_DB_URL } });
      const second = await Instance.on({ data: first.data, env: { ...unlimited, KINORA_DB_URL } });
      const { code, text } = await failedStart(second);
      assert.equal(code, 1);
      assert.match(text, new RegExp(`Kinora cannot start: the data folder is in use by process ${first.pid}: stop it`));
      assert.equal(await first.stop(), 0);
      assert.ok(!existsSync(join(first.data, "postgres.lock")));
      await first.restart();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("F11: an unwritable data folder", { skip: notReadOnly() }, () => {
  for (const what of ["a new one", "a used one"])
    it(`is reported by its path and stays unchanged: ${what}`, async () => {
      const data = what === "a new one" ? await mkdtemp(join(tmpdir(), "kinora-fault-")) : await templateCopy();
      await using shut = await readOnly(data);
      await using instance = await Instance.on({ data, env: unlimited, through: shut.through });
      const before = await readdir(data, { recursive: true });
      const { code, text } = await failedStart(instance);
      assert.equal(code, 1);
      assert.match(text, new RegExp(`Kinora cannot start: the data folder ${data} cannot be written`));
      assert.deepEqual(await readdir(data, { recursive: true }), before);
    });
});

const waiting = (instance: Instance) =>
  rows(instance.data, "transcoder", "SELECT FROM jobs WHERE last_error = 'there is no FFmpeg' AND attempt = 0");

/** The wait between two looks for an FFmpeg is a minute: in a stopped folder, it is over. */
async function lookAgain(data: string): Promise<void> {
  await using _ = await startPostgres(data);
  await rows(data, "transcoder", "UPDATE jobs SET due_ms = 0 WHERE state = 'queued'");
}

/** Root may write where modes forbid it, and needs a view of the files of its own for this. */
function notReadOnly(): string | false {
  return process.getuid?.() === 0 && !existsSync("/usr/bin/unshare")
    ? "root needs unshare for a read-only folder"
    : false;
}

/** Makes a folder read-only for what is started through it. */
async function readOnly(data: string): Promise<AsyncDisposable & { through: string[] }> {
  if (process.getuid?.() === 0) {
    const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"`;
    return { through: ["unshare", "--mount", "sh", "-c", script, data], [Symbol.asyncDispose]: async () => undefined };
  }
  const folders = [
    data,
    ...(await readdir(data, { recursive: true, withFileTypes: true }))
      .filter((e) => e.isDirectory())
      .map((e) => join(e.parentPath, e.name)),
  ];
  for (const folder of folders) await chmod(folder, 0o500);
  return {
    through: [],
    async [Symbol.asyncDispose]() {
      for (const folder of folders) await chmod(folder, 0o700);
      await mkdir(data, { recursive: true });
    },
  };
}
