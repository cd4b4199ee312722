import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ErrorComponentProps,
} from "@tanstack/react-router";
import { createElement } from "react";
import { type FeedName, feedQuery, queryClient, videoQuery } from "#base/api/queries.ts";
import { startPage, useStartPage } from "#base/frame/frame.ts";
import { loadTexts, type Part } from "#base/i18n/i18n.ts";
import { firstCharacters } from "#base/text/characters.ts";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { liveQuery } from "#parts/live/queries.ts";
import { loadEngine } from "#parts/player/engine/engine.ts";
import { captionsPattern, lengths, orders, periods, shapes, type VideoFilter } from "#parts/search/video-filter.ts";
import { BrokenPage } from "#parts/shell/broken-page.tsx";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { Shell } from "#parts/shell/shell.tsx";
import { nextPath } from "#pages/account/next-path.ts";
import { FeedPage } from "#pages/feed/feed-page.tsx";
import { type ProfileTab, profileTabs } from "#pages/profile/tabs.ts";
import { type ContentFilter, states } from "#pages/studio/content-filter.ts";
import { slots } from "./slots.ts";

const root = createRootRoute({
  component: () => <Shell slots={slots} />,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error }: ErrorComponentProps) => <BrokenPage error={error} />,
});

/** A positive integer of an address, or nothing. */
const idOf = (value: unknown): number | undefined => {
  const id = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
};

const nextSearch = (search: Record<string, unknown>): { next?: string | undefined } =>
  search["next"] === undefined ? {} : { next: nextPath(search["next"]) };

/** A page that comes with the texts of its parts. */
function withTexts<Page>(load: () => Promise<Page>, ...parts: Part[]): () => Promise<Page> {
  return async () => {
    const [page] = await Promise.all([load(), loadTexts(...parts)]);
    return page;
  };
}

const feedPage = (name: FeedName) => ({
  // Feed and player set out together with the page; nobody waits for either here, the page draws its own waiting.
  loader: () => {
    void loadEngine();
    // Visitors have none of their own, and who looks is not known yet.
    if (name !== "following") void queryClient.prefetchInfiniteQuery(feedQuery(name));
  },
  component: () => <FeedPage name={name} />,
});
const forYou = createRoute({ getParentRoute: () => root, path: "/for-you", ...feedPage("for-you") });
const following = createRoute({ getParentRoute: () => root, path: "/following", ...feedPage("following") });
const hot = createRoute({ getParentRoute: () => root, path: "/hot", ...feedPage("hot") });

const explorePage = lazyRouteComponent(() => import("#pages/explore/explore-page.tsx"), "ExplorePage");
const exploreSearch = (
  search: Record<string, unknown>,
): { category?: number | undefined; sort?: "latest" | undefined } => {
  const category = idOf(search["category"]);
  return { ...(category !== undefined && { category }), ...orderSearch(search) };
};
const orderSearch = ({ sort }: Record<string, unknown>): { sort?: "latest" | undefined } =>
  sort === "latest" ? { sort } : {};
const explore = createRoute({
  getParentRoute: () => root,
  path: "/explore",
  validateSearch: exploreSearch,
  component: explorePage,
  // A category had this address once: links to it stay good.
  beforeLoad: ({ search: { category: id, ...order } }) => {
    if (id !== undefined) throw redirect({ to: "/category/$id", params: { id }, search: order, replace: true });
  },
});

const home = feedPage("for-you");
const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: function Start() {
    return useStartPage() === "feed" ? <home.component /> : createElement(explorePage);
  },
  loader: () => (startPage() === "feed" ? home.loader() : explorePage.preload?.()),
});

const me = createRoute({
  getParentRoute: () => root,
  path: "/me",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/me/me-page.tsx"), "files"),
    "MePage",
  ),
});

const yourFeed = createRoute({
  getParentRoute: () => root,
  path: "/your-feed",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/your-feed/your-feed-page.tsx"), "yourFeed"),
    "YourFeedPage",
  ),
});

const saved = createRoute({
  getParentRoute: () => root,
  path: "/saved",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/favorites/saved-page.tsx"), "library"),
    "SavedPage",
  ),
});

const playlists = createRoute({
  getParentRoute: () => root,
  path: "/playlists",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/playlists/playlists-page.tsx"), "library"),
    "PlaylistsPage",
  ),
});

const watch = createRoute({
  getParentRoute: () => root,
  path: "/watch/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  // The playlist that is played, and the comment that was linked to.
  // `t` is the second it begins at.
  validateSearch: (
    search: Record<string, unknown>,
  ): { list?: number | undefined; comment?: number | undefined; t?: number | undefined } => {
    const [list, comment, t] = [idOf(search["list"]), idOf(search["comment"]), idOf(search["t"])];
    return {
      ...(list !== undefined && { list }),
      ...(comment !== undefined && { comment }),
      ...(t !== undefined && { t }),
    };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/watch/watch-page.tsx"), "library"),
    "WatchPage",
  ),
  loader: ({ params: { id } }) => {
    void loadEngine();
    if (id > 0) void queryClient.prefetchQuery(videoQuery(id));
  },
});

const upload = createRoute({
  getParentRoute: () => root,
  path: "/upload",
  validateSearch: (search: Record<string, unknown>): { video?: number | undefined } => {
    const video = idOf(search["video"]);
    return video === undefined ? {} : { video };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/upload/upload-page.tsx"), "files", "library"),
    "UploadPage",
  ),
});

const lives = createRoute({
  getParentRoute: () => root,
  path: "/live",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/live/lives-page.tsx"), "live"),
    "LivesPage",
  ),
});

const liveRoom = createRoute({
  getParentRoute: () => root,
  path: "/live/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/live/room/room-page.tsx"), "live", "room"),
    "LiveRoomPage",
  ),
  loader: ({ params: { id } }) => {
    void loadEngine();
    if (id > 0) void queryClient.prefetchQuery(liveQuery(id));
  },
});

const goLive = createRoute({
  getParentRoute: () => root,
  path: "/live/new",
  // The room that is prepared, once there is one.
  validateSearch: (search: Record<string, unknown>): { room?: number | undefined } => {
    const room = idOf(search["room"]);
    return room === undefined ? {} : { room };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/live/studio/go-live-page.tsx"), "live", "files", "library"),
    "GoLivePage",
  ),
});

const liveStudio = createRoute({
  getParentRoute: () => root,
  path: "/live/$id/studio",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/live/studio/studio-page.tsx"), "live", "room", "library"),
    "LiveStudioPage",
  ),
});

/** `show` is the file that is looked at. */
const showSearch = (search: Record<string, unknown>): { show?: number | undefined } => {
  const show = idOf(search["show"]);
  return show === undefined ? {} : { show };
};

const wallet = createRoute({
  getParentRoute: () => root,
  path: "/me/wallet",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/wallet/wallet-page.tsx"), "wallet"),
    "WalletPage",
  ),
});

const drive = createRoute({
  getParentRoute: () => root,
  path: "/drive",
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined; show?: number | undefined } => {
    const q = search["q"];
    return {
      ...showSearch(search),
      ...(typeof q === "string" && q.trim() !== "" && { q: firstCharacters(q.trim(), 255) }),
    };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/drive/drive-page.tsx"), "files"),
    "DrivePage",
  ),
});

const driveFolder = createRoute({
  getParentRoute: () => root,
  path: "/drive/folder/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  validateSearch: showSearch,
  component: lazyRouteComponent(
    withTexts(() => import("#pages/drive/drive-page.tsx"), "files"),
    "FolderPage",
  ),
});

const driveRecent = createRoute({
  getParentRoute: () => root,
  path: "/drive/recent",
  validateSearch: showSearch,
  component: lazyRouteComponent(
    withTexts(() => import("#pages/drive/drive-page.tsx"), "files"),
    "RecentPage",
  ),
});

const driveTrash = createRoute({
  getParentRoute: () => root,
  path: "/drive/trash",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/drive/trash-page.tsx"), "files"),
    "TrashPage",
  ),
});

const shared = createRoute({
  getParentRoute: () => root,
  path: "/s",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/drive/shared/shared-page.tsx"), "files"),
    "SharedPage",
  ),
});

const studio = createRoute({
  getParentRoute: () => root,
  path: "/studio",
  validateSearch: (search: Record<string, unknown>): { edit?: number | undefined } & ContentFilter => {
    const edit = idOf(search["edit"]);
    const { q } = search;
    const state = among(states, search["state"]);
    const visibility = among(visibilities, search["visibility"]);
    return {
      ...(edit !== undefined && { edit }),
      ...(typeof q === "string" && q.trim() !== "" && { q: firstCharacters(q.trim(), 100) }),
      ...(state && { state }),
      ...(visibility && { visibility }),
      ...(search["sort"] === "oldest" && { sort: "oldest" }),
    };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/studio/content-page.tsx"), "files", "library"),
    "ContentPage",
  ),
});

const studioPlaylists = createRoute({
  getParentRoute: () => root,
  path: "/studio/playlists",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/studio/studio-playlists.tsx"), "files", "library"),
    "StudioPlaylistsPage",
  ),
});

const inboxPage = (
  name: "InboxPage" | "RequestsPage" | "NotificationsPage" | "ConversationPage" | "NewConversationPage",
) =>
  lazyRouteComponent(
    withTexts(() => import("#pages/inbox/pages.tsx"), "inbox"),
    name,
  );
const inbox = createRoute({ getParentRoute: () => root, path: "/inbox", component: inboxPage("InboxPage") });
const requests = createRoute({
  getParentRoute: () => root,
  path: "/inbox/requests",
  component: inboxPage("RequestsPage"),
});
const notifications = createRoute({
  getParentRoute: () => root,
  path: "/inbox/notifications",
  component: inboxPage("NotificationsPage"),
});
const conversation = createRoute({
  getParentRoute: () => root,
  path: "/inbox/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: inboxPage("ConversationPage"),
});
const newConversation = createRoute({
  getParentRoute: () => root,
  path: "/inbox/to/$username",
  component: inboxPage("NewConversationPage"),
});

const profile = createRoute({
  getParentRoute: () => root,
  path: "/@{$username}",
  // A name that is none is taken away: what an address says stays where nothing is put in its place.
  validateSearch: (search: Record<string, unknown>): { tab?: ProfileTab | undefined } => ({
    tab: among(profileTabs, search["tab"]),
  }),
  component: lazyRouteComponent(
    withTexts(() => import("#pages/profile/profile-page.tsx"), "library"),
    "ProfilePage",
  ),
});

const playlist = createRoute({
  getParentRoute: () => root,
  path: "/playlist/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/playlists/playlist-page.tsx"), "library"),
    "PlaylistPage",
  ),
});

const videoAnalytics = createRoute({
  getParentRoute: () => root,
  path: "/studio/video/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/studio/analytics/analytics-page.tsx"), "files", "library"),
    "VideoAnalyticsPage",
  ),
});

const studioAnalytics = createRoute({
  getParentRoute: () => root,
  path: "/studio/analytics",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/studio/analytics/analytics-page.tsx"), "files", "library"),
    "ChannelAnalyticsPage",
  ),
});

const studioComments = createRoute({
  getParentRoute: () => root,
  path: "/studio/comments",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/studio/studio-comments.tsx"), "files", "library"),
    "StudioCommentsPage",
  ),
});

const kinds = ["videos", "live", "people", "tags", "files"] as const;
const among = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (
    given: Record<string, unknown>,
  ): { q?: string | undefined; tab?: (typeof kinds)[number] | undefined } & VideoFilter => {
    const { q } = given;
    const tab = among(kinds, given["tab"]);
    const period = among(periods, given["period"]);
    const length = among(lengths, given["length"]);
    const shape = among(shapes, given["shape"]);
    const sort = among(orders, given["sort"]);
    const { captions } = given;
    return {
      ...(typeof captions === "string" && captionsPattern.test(captions) && { captions }),
      ...(typeof q === "string" && q.trim() !== "" && { q: firstCharacters(q.trim(), 200) }),
      ...(tab && { tab }),
      ...(period && { period }),
      ...(length && { length }),
      ...(shape && { shape }),
      ...(sort && { sort }),
    };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/search/search-page.tsx"), "search"),
    "SearchPage",
  ),
});

const tag = createRoute({
  getParentRoute: () => root,
  path: "/tag/$name",
  validateSearch: (given: Record<string, unknown>): { sort?: "hot" | undefined } =>
    given["sort"] === "hot" ? { sort: "hot" } : {},
  component: lazyRouteComponent(
    withTexts(() => import("#pages/search/tag-page.tsx"), "search"),
    "TagPage",
  ),
});

const category = createRoute({
  getParentRoute: () => root,
  path: "/category/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  validateSearch: orderSearch,
  component: lazyRouteComponent(() => import("#pages/explore/explore-page.tsx"), "CategoryPage"),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: nextSearch,
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/login-page.tsx"), "account"),
    "LoginPage",
  ),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  validateSearch: nextSearch,
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/signup-page.tsx"), "account"),
    "SignupPage",
  ),
});

const embed = createRoute({
  getParentRoute: () => root,
  path: "/embed/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(() => import("#pages/embed/embed-page.tsx"), "EmbedPage"),
});

const liveEmbed = createRoute({
  getParentRoute: () => root,
  path: "/embed/live/$id",
  params: { parse: ({ id }) => ({ id: idOf(id) ?? 0 }), stringify: ({ id }) => ({ id: String(id) }) },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/embed/live-embed-page.tsx"), "live", "room"),
    "LiveEmbedPage",
  ),
});

const history = createRoute({
  getParentRoute: () => root,
  path: "/history",
  component: lazyRouteComponent(() => import("#pages/history/history-page.tsx"), "HistoryPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/reset-page.tsx"), "account"),
    "ResetPage",
  ),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/forgot-page.tsx"), "account"),
    "ForgotPage",
  ),
});

const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/verify-page.tsx"), "account"),
    "VerifyPage",
  ),
});

const endMails = createRoute({
  getParentRoute: () => root,
  path: "/end-mails",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/end-mails-page.tsx"), "account"),
    "EndMailsPage",
  ),
});

const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/first-run",
  validateSearch: (search: Record<string, unknown>): { token?: string | undefined } =>
    typeof search["token"] === "string" ? { token: search["token"] } : {},
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/first-run-page.tsx"), "account", "site"),
    "FirstRunPage",
  ),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>): { step?: 2 | 3 | 4 | undefined } => {
    const step = ([2, 3, 4] as const).find((one) => String(one) === String(search["step"]));
    return step === undefined ? {} : { step };
  },
  component: lazyRouteComponent(
    withTexts(() => import("#pages/account/setup-page.tsx"), "account", "site"),
    "SetupPage",
  ),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/settings/settings-page.tsx"), "account"),
    "SettingsPage",
  ),
});

const settingsSection = createRoute({
  getParentRoute: () => root,
  path: "/settings/$section",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/settings/settings-page.tsx"), "account"),
    "SettingsSectionPage",
  ),
});

const storage = createRoute({
  getParentRoute: () => root,
  path: "/admin/storage",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/storage/storage-page.tsx"), "admin", "storage"),
    "StoragePage",
  ),
});

const media = createRoute({
  getParentRoute: () => root,
  path: "/admin/media",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/storage/media-page.tsx"), "admin", "storage"),
    "MediaPage",
  ),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/reports/my-reports-page.tsx"), "admin"),
    "MyReportsPage",
  ),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: "/moderation",
  validateSearch: showSearch,
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/moderation/queue-page.tsx"), "admin"),
    "QueuePage",
  ),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/overview/overview-page.tsx"), "admin"),
    "OverviewPage",
  ),
});

const adminSite = createRoute({
  getParentRoute: () => root,
  path: "/admin/site",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/site/site-page.tsx"), "admin", "site"),
    "SitePage",
  ),
});

const adminAccounts = createRoute({
  getParentRoute: () => root,
  path: "/admin/accounts",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/accounts/accounts-page.tsx"), "admin"),
    "AccountsPage",
  ),
});

const adminVideos = createRoute({
  getParentRoute: () => root,
  path: "/admin/videos",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/accounts/videos-page.tsx"), "admin"),
    "VideosPage",
  ),
});

const adminWords = createRoute({
  getParentRoute: () => root,
  path: "/admin/words",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/site/words-page.tsx"), "admin", "search"),
    "WordsPage",
  ),
});

const adminAudit = createRoute({
  getParentRoute: () => root,
  path: "/admin/audit",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/audit/audit-page.tsx"), "admin"),
    "AuditPage",
  ),
});

const adminPayouts = createRoute({
  getParentRoute: () => root,
  path: "/admin/payouts",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/accounts/payouts-page.tsx"), "admin", "wallet"),
    "PayoutsPage",
  ),
});

const adminDeletions = createRoute({
  getParentRoute: () => root,
  path: "/admin/deletions",
  component: lazyRouteComponent(
    withTexts(() => import("#pages/admin/accounts/deletions-page.tsx"), "admin"),
    "DeletionsPage",
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    forYou,
    following,
    hot,
    explore,
    me,
    yourFeed,
    saved,
    playlists,
    watch,
    upload,
    lives,
    liveRoom,
    goLive,
    liveStudio,
    wallet,
    studio,
    studioPlaylists,
    drive,
    driveFolder,
    driveRecent,
    driveTrash,
    shared,
    inbox,
    requests,
    notifications,
    conversation,
    newConversation,
    profile,
    playlist,
    videoAnalytics,
    studioAnalytics,
    studioComments,
    search,
    tag,
    category,
    login,
    signup,
    firstRun,
    setup,
    reset,
    forgot,
    verify,
    endMails,
    history,
    embed,
    liveEmbed,
    settings,
    settingsSection,
    storage,
    media,
    reports,
    queue,
    admin,
    adminSite,
    adminAccounts,
    adminVideos,
    adminWords,
    adminAudit,
    adminDeletions,
    adminPayouts,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
  // Plain text both ways: a token made of digits stays the text it is.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const filled = Object.entries(search).filter(([, value]) => value != null);
    const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString();
    return text === "" ? "" : `?${text}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
