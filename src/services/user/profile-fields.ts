import type { z } from "zod";
import type { user } from "./contract.ts";
import type * as store from "./store.ts";

type ProfileInput = Omit<z.output<(typeof user)["methods"]["update"]["input"]>, "id">;
/** The rest of an update is columns of the account, and no text for others to read. */
type ProfileUpdate = Omit<ProfileInput, "email" | "phone">;
/** Links are several texts in one column. */
type Single = Omit<ProfileUpdate, "links">;

/**
 * The column of each field of an update, and whether the content filter looks at its text. A field of the contract that is
 * missing here is a type error.
 */
const profileFields: {
  readonly [F in keyof Required<Single>]: {
    readonly column: keyof store.Changes["profile"];
    readonly isFiltered: boolean;
  };
} = {
  nickname: { column: "nickname", isFiltered: true },
  bio: { column: "bio", isFiltered: true },
  about: { column: "about", isFiltered: true },
  introduction: { column: "introduction", isFiltered: true },
  school: { column: "school", isFiltered: true },
  company: { column: "company", isFiltered: true },
  profession: { column: "profession", isFiltered: true },
  province: { column: "province", isFiltered: true },
  city: { column: "city", isFiltered: true },
  avatar: { column: "avatar", isFiltered: false },
  backgroundImage: { column: "background_image", isFiltered: false },
  gender: { column: "gender", isFiltered: false },
  birthday: { column: "birthday", isFiltered: false },
  homepage: { column: "homepage", isFiltered: false },
  showFavorites: { column: "show_favorites", isFiltered: false },
  showLikes: { column: "show_likes", isFiltered: false },
  showFollowing: { column: "show_following", isFiltered: false },
  showFollowers: { column: "show_followers", isFiltered: false },
  approveFollowers: { column: "approve_followers", isFiltered: false },
};
const fields = Object.entries(profileFields) as [keyof Single, (typeof profileFields)[keyof Single]][]; // Its own.

/** The texts of an update that the content filter looks at. Pure. */
export const filteredTexts = (update: ProfileUpdate): (string | undefined)[] => [
  // Filtered fields are texts.
  ...fields.filter(([, { isFiltered }]) => isFiltered).map(([field]) => update[field] as string | undefined),
  ...(update.links ?? []).map(({ title }) => title),
];

/** The columns of the profile that an update changes; a field that is left out stays. Pure. */
export const profileChanges = (update: ProfileUpdate): store.Changes["profile"] => ({
  ...Object.fromEntries(
    fields.filter(([field]) => update[field] !== undefined).map(([field, { column }]) => [column, update[field]]),
  ),
  ...(update.links && { links: JSON.stringify(update.links) }),
});
