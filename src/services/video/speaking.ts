import { type Call, callerOf, type Host } from "#kernel";
import { watcher } from "#kernel/watched-words";
import { Muted, WordsRefused, wordsChanged } from "#services/moderation/contract";
import * as speechStore from "./speech-store.ts";
import type { Tables } from "./store.ts";

/** Who may publish what, by what moderators and administrators decided. */
export function speakingOf({ db, now }: Pick<Host<Tables>, "db" | "now">) {
  let built = { version: 0, find: watcher([]) };
  async function find(text: string) {
    const copy = await speechStore.watched(db);
    if (!copy) return [];
    if (built.version !== copy.version)
      built = { version: copy.version, find: watcher(wordsChanged.payload.parse(JSON.parse(copy.body)).words) };
    return built.find(text);
  }

  return {
    /** @throws Muted where the caller may say nothing for now */
    async mayPublish(asked: Call): Promise<void> {
      const silence = await speechStore.silenceOf(db, callerOf(asked), now());
      if (silence)
        throw Muted({ reason: silence.reason, ...(silence.untilMs !== null && { untilMs: silence.untilMs }) });
    },

    /** Why a moderator should look at it, while it is shown; undefined where nobody needs to. @throws WordsRefused */
    async flagFor(texts: readonly (string | undefined)[], { role }: Call): Promise<string | undefined> {
      const text = texts.filter((one) => one !== undefined).join("\n");
      if (text === "" || role === "moderator" || role === "admin") return undefined;
      const found = await find(text);
      if (found.some(({ action }) => action === "refuse")) throw WordsRefused({});
      return found.length > 0 ? `word: ${found.map(({ pattern }) => pattern).join(", ")}`.slice(0, 200) : undefined;
    },
  };
}
