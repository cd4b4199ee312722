/** The tabs of a profile, by the name in its address; the first if that has none. */
export const profileTabs = ["videos", "playlists", "likes", "favorites", "about"] as const;
export type ProfileTab = (typeof profileTabs)[number];
