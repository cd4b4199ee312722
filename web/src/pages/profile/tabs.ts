/** What a profile shows of a user, by the name in its address; the first where that says none. */
export const profileTabs = ["videos", "playlists", "likes", "favorites", "about"] as const;
export type ProfileTab = (typeof profileTabs)[number];
