import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Instance } from "../instance/instance.ts";
import { settled } from "../instance/tables.ts";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

const clips = 2;
const waitMs = 300_000;
const account = { username: "keeper", password: "blue bicycle" };

describe("demo content that is interrupted", () => {
  it("begins with a ready administrator, goes on after the process was killed, and makes nothing twice", {
    timeout: 900_000,
  }, async () => {
    const [port = 0] = await freePorts(1);
    await using instance = await Instance.on({
      port,
      flags: ["--demo"],
      env: {
        KINORA_ADMIN_USERNAME: account.username,
        KINORA_ADMIN_PASSWORD: account.password,
        KINORA_RATE_LIMIT: "off",
        KINORA_DEMO_CLIPS: String(clips),
      },
    });
    instance.begin();
    assert.equal(
      await firstSignIn(`http://127.0.0.1:${port}`),
      200,
      "it is ready with the administrator it was asked for",
    );
    await instance.ready();
    const videos = () => listOf(instance.url, "/videos?sort=latest");
    const said = () => instance.log.slice(-10).join("\n");
    await until(async () => (await videos()).some(({ play_count }) => play_count > 0), { waitMs, said });
    await instance.kill();
    await instance.restart();
    const isComplete = async () => {
      const rows = await videos();
      return rows.length === clips && rows.every(({ play_count }) => play_count > 0);
    };
    await until(isComplete, { waitMs, said });
    await settled(instance, waitMs);
    const before = await picture(instance.url);
    // A start that asks again adds nothing.
    assert.equal(await instance.stop(), 0);
    await instance.restart();
    await settled(instance, waitMs);
    assert.deepEqual(await picture(instance.url), before);
    for (const { comments, contents, views } of before) {
      assert.equal(new Set(contents).size, comments);
      assert.ok(views < 1_000, "views were counted twice");
    }
  });
});

/** The answer to the administrator at the moment in which a starting server says that it is ready. */
async function firstSignIn(url: string): Promise<number> {
  for (const endMs = performance.now() + waitMs; performance.now() < endMs; ) {
    const ready = await fetch(`${url}/ready`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const body = JSON.stringify(account);
  const headers = { "content-type": "application/json" };
  return (await fetch(`${url}/api/v1/users/login`, { method: "POST", headers, body })).status;
}

interface Row {
  readonly id: number;
  readonly title: string;
  readonly play_count: number;
  readonly like_count: number;
}

async function listOf(url: string, path: string): Promise<Row[]> {
  const answer = await fetch(`${url}/api/v1${path}`);
  const { data } = (await answer.json()) as { data: { list: Row[] } }; // The contract's own shape.
  return data.list;
}

/** The demo as all users see it. */
async function picture(url: string) {
  const pictures = [];
  for (const { id, title, play_count, like_count } of await listOf(url, "/videos?sort=latest")) {
    const comments = (await listOf(url, `/videos/${id}/comments`)) as unknown as { content: string }[]; // The fields of a comment.
    pictures.push({
      title,
      views: play_count,
      likes: like_count,
      comments: comments.length,
      contents: comments.map(({ content }) => content),
    });
  }
  return pictures;
}
