import type { Id } from "../src/kernel/index.ts";
import { auth } from "../src/services/auth/contract.ts";
import { message } from "../src/services/message/contract.ts";
import { relation } from "../src/services/relation/contract.ts";
import { video } from "../src/services/video/contract.ts";
import type { Accounts } from "./accounts.ts";
import { messages, playlists } from "./clips.ts";
import { creators } from "./creators.ts";
import type { DemoHost } from "./host.ts";

/** Everybody follows some creators. */
export async function addFollows({ client, call }: DemoHost, accounts: Accounts): Promise<void> {
  const ids = [...accounts.values()];
  for (const [place, { username }] of creators.entries()) {
    const id = accounts.get(username) ?? 0;
    const followers = ids.filter((userId, i) => userId !== id && (i * 5 + place * 3) % 11 < 8 - (place % 4));
    for (const userId of followers) await client(relation).follow({ id }, call({ userId, role: "user" }));
  }
}

export async function addPlaylists(
  { client, call }: DemoHost,
  accounts: Accounts,
  videoIds: ReadonlyMap<string, Id>,
): Promise<void> {
  for (const { by, title, description, clips } of playlists) {
    const userId = accounts.get(by) ?? 0;
    const ids = clips.flatMap((name) => videoIds.get(name) ?? []);
    if (ids.length < 2) continue;
    const { id } = await client(video).createPlaylist(
      { title, description, visibility: "public" },
      call({ userId, role: "user", idempotencyKey: `demo.playlist.${title}` }),
    );
    for (const videoId of ids) await client(video).addToPlaylist({ id, videoId }, call({ userId, role: "user" }));
  }
}

/** Sends mail to the administrator, who follows the creators who wrote. Without an administrator, no mail is sent. */
export async function addMessages({ client, call }: DemoHost, accounts: Accounts): Promise<void> {
  const [userId = 0] = accounts.values();
  // The process itself looks accounts up, as a moderator may.
  const { items } = await client(auth).accounts({ role: "admin", limit: 1 }, call({ userId, role: "moderator" }));
  const [administrator] = items;
  if (!administrator) return;
  for (const { by, lines } of messages) {
    const userId = accounts.get(by) ?? 0;
    await client(relation).follow({ id: userId }, call({ userId: administrator.id, role: "user" }));
    await client(relation).follow({ id: administrator.id }, call({ userId, role: "user" }));
    for (const [place, content] of lines.entries())
      await client(message).send(
        { receiverId: administrator.id, content },
        call({ userId, role: "user", idempotencyKey: `demo.message.${place}` }),
      );
  }
}
