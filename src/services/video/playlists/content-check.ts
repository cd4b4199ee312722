import type { Call, Reader } from "#kernel";
import type { PostingPolicy } from "../posting-policy.ts";
import type { Tables } from "../store.ts";
import type { PlaylistRow } from "./playlist-store.ts";

type Texts = Pick<PlaylistRow, "title" | "description" | "visibility">;

/**
 * The posting policy for texts of a playlist that others could not read before: yields why a moderator should look at
 * them, undefined where there is no reason.
 * @throws Muted, WordsRefused
 */
export const createContentCheck =
  (policy: PostingPolicy) =>
  async (reader: Reader<Tables>, after: Texts, before: Texts | undefined, call: Call): Promise<string | undefined> => {
    if (after.visibility === "private") return undefined;
    const published = before?.visibility === "private" ? undefined : before;
    const newTexts = [after.title, after.description].filter(
      (text) => text !== "" && text !== published?.title && text !== published?.description,
    );
    if (newTexts.length === 0) return undefined;
    await policy.requireUnmuted(call, reader);
    return policy.flagReason(newTexts, call, reader);
  };
