import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Authenticator } from "#services/auth/passkeys/testing";
import { type Account, type Answered, clip, type Platform, type Verb } from "../../platform/platform.ts";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** Stands in each text that a victim shows to nobody, or to followers alone. */
export const canary = "tell-nobody-5d1e";

/** A value that names something of an account in a path, a query or a body. */
export interface Belonging {
  readonly value: string;
  /** True if strangers must not learn anything of it; otherwise they may read it, and not change it. */
  readonly isPrivate: boolean;
}
export type Kind =
  | "account"
  | "name"
  | "video"
  | "media"
  | "captions"
  | "task"
  | "generation"
  | "mediaGeneration"
  | "file"
  | "profile"
  | "comment"
  | "danmaku"
  | "playlist"
  | "favouriteFolder"
  | "live"
  | "liveFile"
  | "product"
  | "reservation"
  | "entry"
  | "share"
  | "driveTask"
  | "upload"
  | "tus"
  | "import"
  | "message"
  | "conversation"
  | "notification"
  | "session"
  | "invitation"
  | "wallet"
  | "personalToken"
  | "passkey"
  | "case"
  | "hash"
  | "shortHash"
  | "searched";
/** Everything that an account has, the most private first. */
export type Belongings = Readonly<Record<Kind, readonly Belonging[]>>;

const secret = "open sesame";
const json = (value: unknown): string => JSON.stringify(value);

/** Gives an account one object of each kind; `friend` is who writes to it, and `text` stands in what others must not see. */
export async function belongingsOf(
  platform: Platform,
  owner: Account,
  friend: Account,
  text: string,
): Promise<Belongings> {
  const by = async (who: Account, line: string, body?: unknown): Promise<Answered> => {
    const [method, url = ""] = line.split(" ");
    const more = body === undefined ? {} : { body };
    const answer = await platform.ask(url, { method: method as Verb, token: who.token, ...more }); // One of them is written.
    assert.ok(answer.status < 300, `${line} ${json(body)}: ${answer.text}`);
    return answer;
  };
  const id = async (line: string, body?: unknown) => idOf((await by(owner, line, body)).data);
  const path = "/api/v1";

  const film = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
  const first = await platform.upload(`${path}/videos`, owner.token, film, { title: "shown" });
  assert.equal(first.status, 200, first.text);
  const media = String(first.data["media_id"]);
  const gif = { name: `${text}.gif`, bytes: await clip("animated.gif") };
  const picture = await platform.upload(`${path}/media/upload`, owner.token, gif, { purpose: "picture" });
  await platform.drain();

  const videos: Belonging[] = [];
  for (const visibility of ["private", "followers", "password", "draft", "unlisted"])
    videos.push({
      isPrivate: visibility !== "unlisted",
      value: await id(`POST ${path}/videos`, {
        title: visibility === "unlisted" ? "for its address" : `${visibility} ${text}`,
        media_id: Number(media),
        ...(visibility === "draft" ? { draft: true } : { visibility }),
        ...(visibility === "password" && { password: secret }),
      }),
    });
  videos.push({ isPrivate: false, value: idOf(first.data) });
  const [hidden = { value: "" }] = videos;
  const shown = idOf(first.data);
  await platform.drain();

  // They are part of the manifest of each video of the media object, of the public one too.
  const spoken = "WEBVTT\n\n00:00.000 --> 00:01.000\nsaid aloud\n";
  const captions = await id(`POST ${path}/media/${media}/captions`, { language: "en", text: spoken });
  const said = await id(`POST ${path}/videos/${hidden.value}/comments`, { content: text });
  const saidOpenly = await id(`POST ${path}/videos/${shown}/comments`, { content: "said to all" });
  const flown = await id(`POST ${path}/videos/${hidden.value}/danmaku`, { position: 0, content: text });
  const playlist = await id(`POST ${path}/playlists`, { title: text, visibility: "private" });
  const shownPlaylist = await id(`POST ${path}/playlists`, { title: "for all", visibility: "public" });
  for (const list of [playlist, shownPlaylist])
    await by(owner, `POST ${path}/playlists/${list}/items`, { video_id: Number(shown) });
  await by(owner, `POST ${path}/playlists/${playlist}/items`, { video_id: Number(hidden.value) });
  const room = await id(`POST ${path}/lives`, { title: text, visibility: "private" });
  const lockedRoom = await id(`POST ${path}/lives`, { title: text, visibility: "password", password: secret });
  const shownRoom = await id(`POST ${path}/lives`, { title: "for all" });
  await by(owner, `POST ${path}/lives/${room}/start`);
  // Invited by the friend: a stream that the owner alone publishes.
  const hosting = idOf((await by(friend, `POST ${path}/lives`, { title: "with guests" })).data);
  await by(friend, `POST ${path}/lives/${hosting}/start`);
  const invited = await by(friend, `POST ${path}/lives/${hosting}/guests`, { user_id: owner.id });
  const product = await id(`POST ${path}/lives/${room}/products`, { name: text, price: 1, stock: 5 });
  const products = `${path}/lives/${room}/products/${product}`;
  const reservation = await id(`POST ${products}/reservations`, { quantity: 1 });
  // A reservation would end later, and the room would go on.
  await by(owner, `POST ${products}/reservations/${reservation}/confirm`);
  await by(owner, `POST ${path}/lives/${room}/end`);
  const saved = await id(`POST ${path}/favorite-folders`, { name: text, is_public: false });
  await by(owner, `POST ${path}/videos/${hidden.value}/favorite`, { folder_id: Number(saved) });
  await by(owner, `POST ${path}/videos/${shown}/play`, { position: 1 });

  const folder = await id(`POST ${path}/drive/folders`, { name: text });
  const bytes = Buffer.from(`${text} of ${owner.name}`);
  const sent = await platform.upload(
    `${path}/upload`,
    owner.token,
    { name: `${text}.txt`, bytes },
    { purpose: "drive", folder_id: folder },
  );
  assert.equal(sent.status, 200, sent.text);
  const file = String(sent.data["entry_id"]);
  const trashed = await id(`POST ${path}/drive/folders`, { name: `${text} trashed` });
  await by(owner, `POST ${path}/drive/trash`, { ids: [Number(trashed)] });
  const share = await by(owner, `POST ${path}/drive/${folder}/shares`, { password: secret });
  const copied = await by(owner, `POST ${path}/drive/copy`, { ids: [Number(folder)], conflict: "rename" });
  const upload = await by(owner, `POST ${path}/upload/init`, { name: `${text}.bin`, size: 9_000_000 });
  const tus = await platform.ask(`${path}/tus`, {
    method: "POST",
    token: owner.token,
    headers: { "tus-resumable": "1.0.0", "upload-length": "9000", "upload-metadata": `filename ${btoa(text)}` },
  });
  assert.equal(tus.status, 201, tus.text);
  const fetched = await id(`POST ${path}/upload/import`, {
    url: `http://example.org/${text}`,
    name: text,
    purpose: "drive",
  });

  await by(owner, `POST ${path}/messages`, { receiver_id: friend.id, content: text });
  const attached = { receiver_id: owner.id, type: 2, content: text, media_url: "" };
  const theirs = await platform.upload(`${path}/media/upload`, friend.token, gif, { purpose: "picture" });
  const message = await by(friend, `POST ${path}/messages`, {
    ...attached,
    media_url: `${path}/media/${idOf(theirs.data)}/picture`,
  });
  await by(friend, `POST ${path}/users/${owner.id}/follow`);
  await by(owner, `PUT ${path}/users/me`, { email: `${text}-${owner.id}@example.org` });
  await by(owner, `GET ${path}/search/videos?q=${text}`);
  await by(owner, `POST ${path}/reports`, { kind: "user", id: friend.id, reason: "other", text });
  await platform.drain();

  // Each list of the envelope is one of objects.
  const listed = async (line: string) => (await by(owner, `GET ${path}/${line}`)).data["list"] as { id: number }[];
  const [notice] = await listed("notifications");
  const sessions = await listed("auth/sessions");
  const token = { name: text, scopes: ["search:read"] };
  const personalToken = await id(`POST ${path}/auth/tokens`, token);
  const { challenge_id, ...options } = (await by(owner, `POST ${path}/auth/passkeys/register`)).data;
  const credential = new Authenticator().createJson(options as never); // The options of a browser.
  const passkey = await id(`POST ${path}/auth/passkeys`, { challenge_id, credential, name: text });
  const invitation = await id(`POST ${path}/auth/invitations`, { note: text });
  const key = privateKeyToAccount(generatePrivateKey());
  const { data: challenge } = await by(owner, `POST ${path}/auth/challenge`, {
    address: key.address,
    chain_id: 31_337,
  });
  const signature = await key.signMessage({ message: String(challenge["message"]) });
  const signed = { challenge_id: challenge["challenge_id"], signature, purpose: "link" };
  const wallet = await id(`POST ${path}/auth/login`, signed);
  const [conversation] = await listed("conversations");
  const { data: task } = await by(owner, `GET ${path}/media/${media}/transcode`);
  const [copy] = copied.data["list"] as { task_id: number }[];
  const cover = String((await by(owner, `GET ${path}/videos/${hidden.value}`)).data["cover_url"]);
  const [, generation = ""] = /\/(g\d+)\//.exec(cover) ?? [];
  const master = await by(owner, `GET ${path}/streaming/${shown}/master.m3u8`);
  const [, profile = ""] = /^(\w+)\/index\.m3u8/m.exec(master.text) ?? [];
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");

  const own = (...values: readonly unknown[]): Belonging[] =>
    values.map((value) => ({ value: String(value), isPrivate: true }));
  const open = (value: unknown): Belonging => ({ value: String(value), isPrivate: false });
  const all: Belongings = {
    account: [open(owner.id)],
    name: [open(owner.name)],
    video: videos,
    media: own(media, idOf(picture.data)),
    captions: own(captions),
    task: own(task["task_id"]),
    generation: [open(generation)],
    mediaGeneration: [open("g0")],
    file: [open("source")],
    profile: [open(profile)],
    comment: [...own(said), open(saidOpenly)],
    danmaku: own(flown),
    playlist: [...own(playlist), open(shownPlaylist)],
    favouriteFolder: own(saved),
    liveFile: [open("master.m3u8")],
    live: [...own(room, lockedRoom, invited.data["live_id"]), open(shownRoom)],
    product: own(product),
    reservation: own(reservation),
    entry: own(file, folder, trashed),
    share: own(idOf(share.data["share"])),
    driveTask: own(copy?.task_id),
    upload: own(idOf(upload.data["upload"])),
    tus: own(String(tus.headers["location"]).split("/").at(-1)),
    import: own(fetched),
    message: own(idOf(message.data)),
    conversation: own(conversation?.id),
    notification: own(notice?.id),
    session: own(sessions[0]?.id),
    invitation: own(invitation),
    wallet: own(wallet),
    personalToken: own(personalToken),
    passkey: own(passkey),
    case: own(1),
    hash: own(hash("sha256")),
    shortHash: own(hash("sha1")),
    searched: own(text),
  };
  for (const [kind, values] of Object.entries(all))
    for (const { value } of values)
      assert.doesNotMatch(value, /^(?:undefined|NaN|null)?$/, `${owner.name} has no ${kind}`);
  return all;
}

const idOf = (data: unknown): string => String((data as { readonly id?: unknown }).id); // A missing ID is `undefined`.
