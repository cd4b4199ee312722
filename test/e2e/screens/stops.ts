import { shows } from "../../browser/browser.ts";

/** A page: the name of its pictures, its address, and what is true when it is there. */
export type Stop = readonly [name: string, path: string, isThere: string];

/** The content of an instance after `sample-content.ts`, by what pages show. */
export interface Subjects {
  readonly videoId: number;
  readonly drive: { readonly folderId: number; readonly textId: number; readonly token: string };
  readonly social: {
    readonly listId: number;
    readonly ownId: number;
    readonly conversationId: number;
    readonly commentId: number;
  };
}

const plays = `document.querySelector("video")?.readyState >= 2`;
/** True while a comment is in view. */
const commentsInView = `document.querySelector("section[aria-label] ul li") !== null &&
  (document.querySelector("#comments-title").scrollIntoView({ block: "center" }), true)`;

/** Pages as visitors see them. */
export const visitorStops = ({ videoId }: Subjects): Stop[] => [
  ["feed", "/for-you", plays],
  ["watch", `/watch/${videoId}`, plays],
  ["profile", "/@aurora", `document.querySelectorAll("main img").length > 0`],
  ["signup", "/signup", shows("form")],
  ["login", "/login", shows("form")],
  ["forgot", "/forgot", shows("main h1")],
  ["end-mails", "/end-mails#token", shows("main h1")],
  ["explore", "/explore", shows("main article")],
  ["hot", "/hot", shows("article")],
  ["lives", "/live", shows("main h1")],
  ["live-missing", "/live/1", shows("main svg + h1")],
  ["visitor", "/me", shows("main h1")],
  ["missing", "/nowhere", shows("main h1")],
];

/** Pages of the administrator. */
export const ownStops: readonly Stop[] = [
  ["upload", "/upload", shows("main h1")],
  ["go-live", "/live/new", shows("main footer")],
  ["settings", "/settings", shows("main h1")],
  ["settings-profile", "/settings/profile", shows("main form")],
  ["settings-account", "/settings/account", shows("main form")],
  ["settings-appearance", "/settings/appearance", shows("main [role=radiogroup]")],
  ["settings-security", "/settings/security", shows("main section li")],
  ["settings-notifications", "/settings/notifications", shows("main table")],
  ["me", "/me", shows("main dl")],
  ["wallet", "/me/wallet", shows("main section li")],
  ["your-feed", "/your-feed", shows("main footer")],
  ["saved", "/saved", shows("main h1")],
  ["playlists", "/playlists", shows("main h1")],
  ["own-explore", "/explore", shows("main article")],
  ["following", "/following", shows("main h1")],
  ["storage", "/admin/storage", shows("main form")],
  ["reports", "/reports", shows("main h2")],
  ["moderation", "/moderation", shows("main button[aria-haspopup=listbox]")],
  ["admin", "/admin", shows("main dl")],
  ["admin-health", "/admin/health", shows("main dl")],
  ["admin-runners", "/admin/runners", shows("main form")],
  ["admin-chains", "/admin/chains", shows("main h2")],
  ["admin-site", "/admin/site", shows("main form")],
  ["admin-sign-up", "/admin/sign-up", shows("main form")],
  ["admin-invitations", "/admin/invitations", shows("main h2")],
  ["setup-look", "/setup", shows("form [role=radiogroup]")],
  ["setup-joining", "/setup?step=3", shows("form [role=radiogroup]")],
  ["setup-start", "/setup?step=4", shows("form a")],
  ["admin-accounts", "/admin/accounts", shows("main li")],
  ["admin-videos", "/admin/videos", shows("main li")],
  ["admin-words", "/admin/words", shows("main form")],
  ["admin-audit", "/admin/audit", shows("main li")],
  ["admin-deletions", "/admin/deletions", shows("main p, main li")],
  ["admin-payouts", "/admin/payouts", shows("main h2")],
  ["media", "/admin/media", shows("main [role=switch], main label")],
];

/** Pages of files. */
export const fileStops = ({ drive: { folderId, textId, token } }: Subjects): Stop[] => [
  ["drive", "/drive", shows("[data-id]")],
  ["drive-folder", `/drive/folder/${folderId}`, shows("[data-id]")],
  ["drive-recent", "/drive/recent", shows("[data-id]")],
  ["drive-trash", "/drive/trash", shows("[data-id]")],
  ["drive-preview", `/drive?show=${textId}`, shows("[role=dialog] pre")],
  ["shared", `/s#${token}`, shows("main h1")],
];

/** Pages of discovery and of what users do with each other, for the administrator. */
export const socialStops = ({ videoId, social: { listId, ownId, conversationId, commentId } }: Subjects): Stop[] => [
  ["discover", "/search", shows("main h2")],
  ["search", "/search?q=lake", shows("main li, main article")],
  ["tag", "/tag/sunrise", shows("main h1")],
  ["category", "/category/8", shows('main a[href^="/watch/"]')],
  ["category-empty", "/category/4", shows("main svg + h1")],
  ["category-missing", "/category/99", shows("main svg + h1")],
  // A link to one of them opens the sheet that a phone has them in.
  ["comments", `/watch/${videoId}?comment=${commentId}`, commentsInView],
  ["history", "/history", shows("main li")],
  ["playlist", `/playlist/${listId}`, shows("main li")],
  ["studio", "/studio", shows("main [role=row]")],
  ["analytics", "/studio/analytics", shows("main figure, main [role=radiogroup]")],
  ["video-analytics", `/studio/video/${ownId}`, shows("main [role=radiogroup]")],
  ["studio-comments", "/studio/comments", shows("main [role=tabpanel] p, main li")],
  ["studio-playlists", "/studio/playlists", shows("main li, main h2")],
  ["inbox", "/inbox", shows("main li")],
  ["requests", "/inbox/requests", shows("main li")],
  ["notifications", "/inbox/notifications", shows("main li")],
  ["conversation", `/inbox/${conversationId}`, shows("[role=log] li, [role=log] div")],
  ["new-message", "/inbox/to/noor", shows("main textarea, main input")],
  ["reset", "/reset#token", shows("form")],
  ["embed-poster", `/embed/${videoId}`, shows("button img")],
  ["embed", `/embed/${videoId}?autoplay=1`, plays],
];
