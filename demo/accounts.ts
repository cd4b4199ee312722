import type { Id } from "../src/kernel/index.ts";
import { auth } from "../src/services/auth/contract.ts";
import * as store from "../src/services/demo/store.ts";
import { media } from "../src/services/media/contract.ts";
import { user } from "../src/services/user/contract.ts";
import sharp from "sharp";
import { stillOf } from "./art/film.ts";
import { faceOf, portraitOf } from "./art/portrait.ts";
import type { DemoHost } from "./host.ts";
import { clips } from "./clips.ts";
import { type Creator, creators, type DemoName, viewers } from "./creators.ts";
import { storeFile } from "./files.ts";

export type Accounts = ReadonlyMap<string, Id>;

/** The accounts of the demo, made at the first attempt alone: one that was removed since is not made again. */
export async function ensureAccounts({ db, client, call, random }: DemoHost): Promise<Accounts> {
  const stored = await store.accounts(db);
  if (stored.length > 0) return new Map(stored.map(({ username, userId }) => [username, userId]));
  const names: readonly { username: DemoName; nickname: string }[] = [
    ...creators,
    ...viewers.map(([username, nickname]) => ({ username, nickname })),
  ];
  const rows: store.Tables["demo.demo_authors"][] = [];
  for (const { username, nickname } of names) {
    const password = random(24).toString("base64url");
    const { userId } = await client(auth).ensure({ username, nickname, password, isDemo: true }, call());
    rows.push({ username, user_id: userId });
  }
  await db.tx((tx) => store.insertAccounts(tx, rows));
  return new Map(rows.map(({ username, user_id }) => [username, user_id]));
}

/** Gives the accounts their pictures and profiles. */
export async function fillProfiles(host: DemoHost, accounts: Accounts, signal: AbortSignal): Promise<void> {
  for (const creator of creators) {
    signal.throwIfAborted();
    const { nickname, bio, about, links, city, profession } = creator;
    await update(host, accounts.get(creator.username) ?? 0, {
      nickname,
      bio,
      about,
      city,
      profession,
      links: [...links],
      avatar: await pictureOf(host, accounts, creator.username, "avatar", await png(portraitOf(creator))),
      backgroundImage: await pictureOf(host, accounts, creator.username, "background", await banner(creator)),
    });
  }
  for (const [place, [username]] of viewers.entries()) {
    signal.throwIfAborted();
    const avatar = await pictureOf(host, accounts, username, "avatar", await png(portraitOf(faceOf(place + 1))));
    await update(host, accounts.get(username) ?? 0, { avatar });
  }
}

const update = (
  { client, call }: DemoHost,
  userId: Id,
  profile: Omit<Parameters<ReturnType<DemoHost["client"]>["update"]>[0], "id">,
) => client(user).update({ id: userId, ...profile }, call({ userId, role: "user" }));

async function pictureOf(
  host: DemoHost,
  accounts: Accounts,
  username: string,
  purpose: "avatar" | "background",
  bytes: Uint8Array,
): Promise<string> {
  const call = host.call({ userId: accounts.get(username) ?? 0, role: "user", idempotencyKey: `demo.${purpose}` });
  const fileId = await storeFile(host, { name: `${purpose}.png`, bytes }, call);
  const { id } = await host.client(media).upload({ fileId, purpose }, call);
  return `/api/v1/media/${id}/picture`;
}

const png = (svg: string): Promise<Buffer> => sharp(Buffer.from(svg)).png().toBuffer();

/** A part of the creator's own scene. */
function banner({ username }: Creator): Promise<Buffer> {
  const clip =
    clips.findLast(({ author, scene }) => author === username && scene().size.width > 540) ??
    clips.find(({ author }) => author === username);
  if (!clip) throw new Error(`the demo has no clip of ${username}`);
  return sharp(Buffer.from(stillOf(clip.scene(), 0.3)), { density: 108 })
    .resize(1440, 480, { fit: "cover", position: "centre" })
    .jpeg({ quality: 88 })
    .toBuffer();
}
