import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Instance } from "../../instance/instance.ts";
import { withFreeBox } from "../../uploads/free-box.ts";
import { unlimited } from "../../instance/folders.ts";
import { formOf, Person, Unanswered } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

describe("R3: a write repeated under one Idempotency-Key", () => {
  before(async () => {
    instance = await startOnTemplate({ env: unlimited });
    bytes = await readFile(clip);
  });
  after(() => instance[Symbol.asyncDispose]());

  it("is executed once when repeated concurrently, after a crash and after a stop", async () => {
    const person = new Person(instance.url);
    await person.signUp();
    const file = await person.upload(bytes);
    const publish = () =>
      person.ask("POST", "/videos", { key: "once", body: { title: "Once", media_id: file.data["id"] } });
    const answers = await Promise.all(Array.from({ length: 5 }, publish));
    await instance.kill();
    await instance.restart();
    person.hangUp();
    answers.push(await publish());
    assert.equal(await instance.stop(), 0);
    await instance.restart();
    person.hangUp();
    answers.push(await publish());
    const [first] = answers;
    assert.equal(first?.status, 200);
    for (const { status, data } of answers) assert.deepEqual([status, stable(data)], [200, stable(first.data)]);
    assert.equal((await videosOf(person)).length, 1);
  });

  it("pays a gift once where the server dies between its commit and the storing of its answer (S7.1)", async () => {
    const [host, guest] = [new Person(instance.url), new Person(instance.url)];
    for (const person of [host, guest]) await person.signUp();
    const { data: room } = await host.ask("POST", "/lives", { body: { title: "Harbour" } });
    await host.ask("POST", `/lives/${String(room["id"])}/start`);
    const give = (key: string, quantity = 1) =>
      guest.ask("POST", `/lives/${String(room["id"])}/gifts`, { key, body: { gift_id: 2, quantity } });
    assert.equal((await give("first")).data["balance"], 990);
    await instance.stop();
    // The gift is committed; neither its answer nor that of its key is stored.
    await instance.restart({ KINORA_FAILPOINT: "command.answered:crash" });
    for (const person of [host, guest]) person.hangUp();
    await assert.rejects(give("second"), Unanswered);
    await instance.restart();
    for (const person of [host, guest]) person.hangUp();
    for (let repeat = 0; repeat < 2; repeat++) {
      const { status, data } = await give("second");
      assert.deepEqual([status, data["balance"], data["quantity"]], [200, 980, 1]);
    }
    assert.equal((await give("second", 2)).error, "kernel.idempotency_key_reused");
    const { data: wallet } = await guest.ask("GET", "/users/me/wallet");
    assert.equal(wallet["balance"], 980);
    const { data: said } = await guest.ask("GET", `/lives/${String(room["id"])}/messages`);
    const messages = said["list"] as { type: string; detail: string }[]; // As the API describes it.
    const given = messages.filter(({ type }) => type === "gift").map(({ detail }) => detail);
    assert.equal(given.length, 2, "each paid gift is a message of its room");
    assert.equal(new Set(given.map((detail) => (JSON.parse(detail) as { id: number }).id)).size, 2);
    const { data: shown } = await guest.ask("GET", `/lives/${String(room["id"])}`);
    assert.deepEqual([shown["gift_count"], shown["gift_value"]], [2, 20]);
  });

  it("is refused with another body, and is a separate write for another user", async () => {
    const [mira, noor] = [new Person(instance.url), new Person(instance.url)];
    const ids = [];
    for (const person of [mira, noor]) {
      await person.signUp();
      const { data } = await person.upload(bytes, "file");
      const response = await person.ask("POST", "/videos", { key: "k", body: { title: "One", media_id: data["id"] } });
      ids.push(response.data["id"]);
      const other = await person.ask("POST", "/videos", { key: "k", body: { title: "Two", media_id: data["id"] } });
      assert.deepEqual([other.status, other.error], [409, "kernel.idempotency_key_reused"]);
      assert.deepEqual(
        (await videosOf(person)).map(({ title }) => title),
        ["One"],
      );
    }
    assert.notEqual(ids[0], ids[1]);
  });

  it("stores one file and creates one video when a whole upload is repeated, concurrently and later", async () => {
    const person = new Person(instance.url);
    await person.signUp();
    const send = (file: Buffer) =>
      person.ask("POST", "/videos", { key: "form", raw: formOf(file, { title: "By form" }) });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(bytes)));
    answers.push(await send(bytes));
    for (const { status, data, error } of answers)
      assert.deepEqual([status, data["id"]], [200, answers[0]?.data["id"]], error);
    assert.equal((await videosOf(person)).length, 1);
    const { used_bytes, reserved_bytes } = await person.get("/upload/usage");
    assert.deepEqual([used_bytes, reserved_bytes], [bytes.byteLength, 0]);
    const other = await send(withFreeBox(bytes));
    assert.deepEqual([other.status, other.error], [409, "kernel.idempotency_key_reused"]);
    assert.deepEqual(await person.get("/upload/usage"), {
      ...(await person.get("/upload/usage")),
      used_bytes,
      reserved_bytes,
    });
  });
});

let instance: Instance;
let bytes: Buffer;

/** The command's own answer; counts and addresses are as they are now. */
const stable = ({ id, title, media_id, created_at }: Record<string, unknown>) => ({ id, title, media_id, created_at });

const videosOf = async (person: Person) =>
  (await person.get("/users/me/videos"))["list"] as { id: number; title: string }[]; // A page of videos.
