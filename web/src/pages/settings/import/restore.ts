import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { enqueue } from "#pages/drive/transfer/uploads.ts";
import { itemsOf } from "#parts/upload/queue/store.ts";
import { changeDraft, videos } from "#parts/upload/upload-state.ts";
import { addFiles, restoreUploads } from "#parts/upload/upload-store.ts";
import { type AccountArchive, isFields, pick, textOf } from "./archive.ts";

export const partNames = ["profile", "settings", "folders", "playlists", "mutedTags", "drive", "videos"] as const;
export type PartName = (typeof partNames)[number];

/** The outcome of a part: how many things were added, were there already, and could not be added. */
export interface Outcome {
  added: number;
  existing: number;
  refused: number;
}

/**
 * Adds a part of an archive to the account of the viewer by the same requests as the pages: it can do nothing that the
 * viewer could not. A part that is restored again adds nothing twice.
 */
export const restorers: Readonly<Record<PartName, (archive: AccountArchive) => Promise<Outcome>>> = {
  async profile(archive) {
    const profile = await archive.object("profile.json");
    const texts = pick(
      profile,
      [
        "nickname",
        "bio",
        "introduction",
        "about",
        "birthday",
        "province",
        "city",
        "school",
        "company",
        "profession",
        "homepage",
      ],
      "string",
    );
    const flags = pick(profile, ["show_favorites", "show_likes", "show_following", "show_followers"], "boolean");
    const isCareful = profile["approves_followers"] === true;
    const filled = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
    return each(
      [{ ...filled }, flags, ...(isCareful ? [{ approve_followers: true }] : [])].filter(
        (body) => Object.keys(body).length > 0,
      ),
      async (body) => void (await ask("user.update", { path: { id: "me" }, body })),
    );
  },

  async settings(archive) {
    const settings = await archive.object("settings.json");
    const [notices, watched, searched, feed] = ["notifications", "watch_history", "search_history", "feed"].map(
      (name) => (isFields(settings[name]) ? settings[name] : {}),
    );
    const kinds = ["like", "comment", "reply", "mention", "comment_like", "follow", "published", "live"] as const;
    const acts: (() => Promise<unknown>)[] = [
      () => ask("message.setSettings", { body: pick(notices ?? {}, kinds, "boolean") }),
      () =>
        ask("recommend.setFeedSettings", {
          body: {
            ...pick(feed ?? {}, ["is_personal"], "boolean"),
            ...pick(feed ?? {}, ["fresh", "following", "popular", "similar"], "number"),
          },
        }),
    ];
    // A history that was off stays off; one is not switched on by a file.
    if (watched?.["is_kept"] === false) acts.push(() => ask("interaction.setHistory", { body: { is_kept: false } }));
    if (searched?.["is_kept"] === false) acts.push(() => ask("search.setHistory", { body: { is_kept: false } }));
    return each(acts, async (act) => void (await act()));
  },

  async folders(archive) {
    const { list } = await ask("interaction.folders", { path: { id: "me" }, query: { page_size: 100 } });
    const names = new Set(list.map(({ name }) => name));
    return each(await archive.rows("saved-folders.json"), async (row) => {
      const name = textOf(row["name"], 100);
      if (name === "" || names.has(name)) return "existing";
      names.add(name);
      await ask("interaction.makeFolder", { body: { name, is_public: false } });
      return "added";
    });
  },

  async playlists(archive) {
    const { list } = await ask("video.playlistsOf", { path: { id: "me" }, query: { page_size: 100 } });
    const titles = new Set(list.map(({ title }) => title));
    return each(await archive.rows("playlists.json"), async (row) => {
      const title = textOf(row["title"], 200);
      if (title === "" || titles.has(title)) return "existing";
      titles.add(title);
      // Its videos have other numbers here. It is shown to others when its owner says so.
      const description = textOf(row["description"], 1_000);
      await ask("video.createPlaylist", { body: { title, description, visibility: "private" } });
      return "added";
    });
  },

  async mutedTags(archive) {
    const tags = (await archive.rows("muted.json")).map(({ tag }) => textOf(tag, 51)).filter((tag) => tag !== "");
    return each(
      [...new Set(tags)],
      async (name) => void (await ask("recommend.mute", { body: { kind: "tag", name } })),
    );
  },

  async drive({ files }) {
    const driveFiles = await Promise.all(
      [...files.values()]
        .filter(({ path }) => path.startsWith("drive/"))
        .map(async (entry) => {
          const parts = entry.path.split("/").slice(1);
          const name = parts.pop() ?? "";
          return { file: new File([await entry.open()], name), path: parts.join("/"), handle: null };
        }),
    );
    if (driveFiles.length > 0) await enqueue({ files: driveFiles, emptyFolders: [] }, null, "skip");
    return { added: driveFiles.length, existing: 0, refused: 0 };
  },

  async videos(archive) {
    await restoreUploads();
    const owned = await ownVideos();
    // A draft of an earlier import waits to be published.
    for (const { sizeBytes, details } of itemsOf(videos)) owned.add(`${details.draft.title} ${sizeBytes}`);
    return each(await archive.rows("videos.json"), async (row) => {
      const entry = [...archive.files.values()].find(({ path }) => isOriginalOf(path, row["id"]));
      if (!entry) return "refused";
      const title = textOf(row["title"], 200);
      if (owned.has(`${title} ${entry.sizeBytes}`)) return "existing";
      const name = entry.path.slice("videos/".length);
      const key = await addFiles([{ file: new File([await entry.open()], name), handle: null }]);
      // Nobody sees it before its owner publishes it.
      if (key !== null)
        changeDraft(key, {
          title,
          description: textOf(row["description"], 5_000),
          tags: listOf(row["tags"]),
          visibility: "private",
          ...(row["allow_comment"] === false && { allowComment: false }),
          ...(row["allow_download"] === false && { allowDownload: false }),
        });
      return "added";
    });
  },
};

const isOriginalOf = (path: string, id: unknown): boolean =>
  typeof id === "number" && /^videos\/(\d+)(?:\.[a-z0-9]{1,8})?$/.exec(path)?.[1] === String(id);

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((tag) => textOf(tag, 50) || []).slice(0, 10) : [];

/** Titles and sizes of the viewer's videos. */
async function ownVideos(): Promise<Set<string>> {
  const keys = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const { list, next_cursor: next } = await ask("video.ofUser", {
      path: { id: "me" },
      query: { page_size: 100, ...(cursor !== undefined && { cursor }) },
    });
    for (const { title, file_size: size } of list) keys.add(`${title} ${size}`);
    if (next === null) return keys;
    cursor = next;
  }
}

/** Does each in turn. One that the server refuses stops no other; a server that is away stops all. */
async function each<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<keyof Outcome | undefined>,
): Promise<Outcome> {
  const outcome: Outcome = { added: 0, existing: 0, refused: 0 };
  for (const item of items)
    try {
      outcome[(await act(item)) ?? "added"] += 1;
    } catch (thrown) {
      const { status } = asFailure(thrown);
      if (status < 400 || status >= 500 || status === 401 || status === 429) throw thrown;
      outcome.refused += 1;
    }
  return outcome;
}
