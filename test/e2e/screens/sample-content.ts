import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Person } from "../../users/person.ts";
import { until } from "../../until.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Subjects } from "./stops.ts";

/*
 * The content of the inspected pages, beside the demo videos: its administrator is `keeper`.
 */
const root = join(import.meta.dirname, "../../..");

/** Fills an instance that has the demo videos; yields what its pages are about. */
export async function fillInstance(instance: Instance): Promise<Subjects> {
  const answer = await fetch(`${instance.url}/api/v1/recommend/feed?limit=50`);
  const { data } = (await answer.json()) as { data: { list: { id: number }[] } }; // The contract's own shape.
  const videoIds = data.list.map(({ id }) => id);
  const [videoId] = videoIds;
  assert.ok(videoId, "there are videos");
  const drive = await fillDrive(instance);
  await damage(instance);
  return { videoId, drive, social: await fillSocial(instance, videoIds) };
}

/** Puts typical files into the drive of the administrator. */
async function fillDrive({ url }: Instance): Promise<{ folderId: number; textId: number; token: string }> {
  const administrator = new Person(url, "keeper");
  await administrator.signIn();
  const send = async (name: string, bytes: Buffer, folder?: number) => {
    const query = new URLSearchParams({ purpose: "drive", name, ...(folder && { folder_id: String(folder) }) });
    const raw = { type: "application/octet-stream", bytes };
    const { status, data } = await administrator.ask("POST", `/upload?${query.toString()}`, { raw });
    assert.ok(status < 300, name);
    return Number(data["entry_id"]);
  };
  const folders = async (path: string) =>
    Number((await administrator.ask("POST", "/drive/paths", { body: { path } })).data["id"]);
  const folderId = await folders("Summer trip");
  await folders("Summer trip/Raw clips");
  await folders("Invoices 2026");
  const clip = await readFile(join(root, "test/media/basic-720p.mp4"));
  await send("harbour at dawn.mp4", clip);
  await send("ferry.mp4", clip, folderId);
  for (const [name, picture] of [
    ["dark", "feed-desktop-en-dark"],
    ["light", "profile-desktop-en-light"],
  ] as const)
    await send(`cover ${name}.jpg`, await readFile(join(root, `docs/screenshots/${picture}.jpg`)));
  await send("theme song.mp3", await readFile(join(root, "test/media/audio-only-cover.mp3")));
  await send("budget.csv", budget, folderId);
  const textId = await send(
    "notes about the trip.md",
    Buffer.from("# Trip\n\n- ferry at seven\n- bring the tripod\n".repeat(9)),
  );
  await send("contract.pdf", Buffer.from("%PDF-1.4\n"));
  const old = await send("old cut.mp4", Buffer.concat([clip, Buffer.alloc(8)]));
  await administrator.ask("POST", "/drive/trash", { body: { ids: [old] } });
  const shared = await administrator.ask("POST", `/drive/${folderId}/shares`, { body: {} });
  return { folderId, textId, token: String(shared.data["token"]) };
}
const budget = Buffer.from("what,cost\nferry,12\n");

/** A bit of a file in the store flips, and the store is read through: the storage page reports it. */
async function damage({ url, data }: Instance): Promise<void> {
  const hash = createHash("sha256").update(budget).digest("hex");
  const path = join(data, "blobs/upload", hash.slice(0, 2), hash.slice(2, 4), hash);
  const bytes = await readFile(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await writeFile(path, bytes);
  const administrator = new Person(url, "keeper");
  await administrator.signIn();
  const body = { kind: "repair", from: "default" };
  const begun = await administrator.ask("POST", "/transfer", { body });
  assert.ok(begun.status < 300);
  await until(async () => (await administrator.get(`/transfer/${Number(begun.data["id"])}`))["status"] === "done");
}

/** Users, with their comments, follows and messages. */
async function fillSocial(
  { url }: Instance,
  videoIds: readonly number[],
): Promise<{ listId: number; ownId: number; conversationId: number; commentId: number }> {
  const administrator = new Person(url, "keeper");
  await administrator.signIn();
  const [mira, noor] = [new Person(url, "mira"), new Person(url, "noor")];
  for (const one of [mira, noor]) await one.signUp();
  const send = async (who: Person, method: string, path: string, body: object = {}) => {
    const { status, data, error } = await who.ask(method, path, { body });
    assert.ok(status < 300, `${method} ${path}: ${status} ${error}`);
    return data;
  };
  const idOf = async (who: Person) => Number((await who.get("/users/me"))["id"]);
  const [me, her] = [await idOf(administrator), await idOf(mira)];

  // Nobody meets it in a feed, so that the other pages stay as they are.
  const response = await administrator.upload(
    await readFile(join(root, "test/media/moov-at-end.mp4")),
    undefined,
    "harbour.mp4",
  );
  const of = { title: "The harbour at dawn", media_id: Number(response.data["id"]), visibility: "unlisted" };
  const ownId = Number((await send(administrator, "POST", "/videos", of))["id"]);
  await until(async () => (await administrator.get(`/videos/${ownId}`))["status"] === 1);

  const list = { title: "For the evening", description: "What to watch with tea.", visibility: "public" };
  const listId = Number((await send(administrator, "POST", "/playlists", list))["id"]);
  for (const video_id of videoIds.slice(0, 4))
    await send(administrator, "POST", `/playlists/${listId}/items`, { video_id });

  const [first = 0] = videoIds;
  for (const video of videoIds.slice(0, 3)) await send(administrator, "POST", `/videos/${video}/play`, { position: 4 });
  await send(administrator, "POST", `/users/${her}/follow`);
  const said = await send(administrator, "POST", `/videos/${first}/comments`, {
    content: "The light at the end! #light",
  });
  await send(mira, "POST", `/videos/${first}/comments`, { content: "那光真美 @keeper", parent_id: Number(said["id"]) });
  await send(noor, "POST", `/comments/${Number(said["id"])}/like`);
  for (const who of [mira, noor]) {
    await send(who, "POST", `/users/${me}/follow`);
    await send(who, "POST", `/videos/${ownId}/like`);
    await send(who, "POST", "/messages", { receiver_id: me, content: "你好! Will you be at the harbour tomorrow?" });
  }
  const { conversation_id } = await send(administrator, "POST", "/messages", {
    receiver_id: her,
    content: "At seven 🙂",
  });
  await until(async () => Number((await administrator.get("/notifications"))["total"]) >= 3);
  return { listId, ownId, conversationId: Number(conversation_id), commentId: Number(said["id"]) };
}
