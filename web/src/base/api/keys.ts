/** Topics of queries: the first part of a key, with the parts that follow. Refreshing a topic refreshes all of it. */
export interface Topics {
  // The instance and the viewer.
  instance: [];
  me: [];
  email: [];
  sessions: [];
  alerts: [];
  tokens: [];
  factors: [];
  providers: [];
  chains: [list?: "public"];
  unread: [userId?: number];
  push: [userId: number];
  verify: [token: string];
  "free-name": [name: string];
  invitation: [code: string];
  invitations: [];
  registration: [];
  texts: [part: string];
  // Accounts.
  user: [username?: string];
  people: [list?: "search" | "blocked" | number, ...parts: unknown[]];
  followed: [userId?: number];
  suggestions: [];
  "follow-requests": [];
  requested: [userId: number];
  // Videos and lists of them.
  feed: [name?: string];
  explore: [...parts: unknown[]];
  "continue-watching": [];
  video: [id?: number];
  gate: [kind?: "video" | "live" | "playlist", id?: number, list?: "invited"];
  related: [videoId: number];
  "videos-of": [userId?: number, list?: "popular" | "own", ...filter: unknown[]];
  liked: [userId: number];
  history: [];
  "history-settings": [];
  "search-history-settings": [];
  favorites: [userId?: number, folderId?: number | null];
  "favorite-place": [videoId?: number];
  folders: [userId?: number];
  playlist: [id: number];
  "playlist-head": [id: number];
  "playlist-items": [id: number];
  "playlists-of": [userId?: number, list?: "count"];
  categories: [];
  captions: [mediaId: number];
  storyboard: [hlsUrl: string];
  waveform: [url: string];
  analytics: [videoId: number | null, days: number];
  task: [mediaId: number];
  media: [mediaId: number];
  "your-feed": [part: "settings" | "interests" | "mutes"];
  // Comments and danmaku.
  comments: [videoId?: number | "received", ...sort: unknown[]];
  comment: [id: number];
  replies: [commentId?: number | "linked", linkedId?: number];
  danmaku: [videoId?: number, bucket?: number];
  "danmaku-filters": [];
  // Search.
  search: [list?: string, ...parts: unknown[]];
  hashtags: [list: "hot" | "trending"];
  hashtag: [name: string];
  "hashtag-videos": [id: number, sort: string];
  // Messages and notifications.
  conversations: [folder?: string];
  conversation: [id?: number | null];
  "conversation-with": [userId: number];
  messages: [conversationId?: number | null];
  notifications: [...filter: unknown[]];
  "notification-settings": [];
  // Live rooms and coins.
  lives: [list?: "all" | "now" | "of" | "own", userId?: number];
  live: [id: number, part?: "health" | "viewers" | "clips"];
  held: [liveId: number];
  "chat-settings": [liveId: number];
  "room-moderators": [liveId: number];
  "room-restrictions": [liveId: number];
  gifts: [];
  givers: [liveId: number];
  "fan-club": [liveId: number];
  products: [liveId: number];
  orders: [liveId: number];
  wallet: [part?: "statement" | "payouts"];
  // The drive.
  drive: [...parts: unknown[]];
  "drive-link": [entryId: number];
  "drive-text": [entryId: number, ticket: string];
  shared: [ticket: string, folderId: number];
  imports: [];
  // Administration.
  overview: [];
  health: [part?: "cpu"];
  runners: [part?: "registrations"];
  "failed-jobs": [];
  moderation: [...parts: unknown[]];
  accounts: [...filter: unknown[]];
  "account-id": [name: string];
  audit: [...filter: unknown[]];
  deletions: [];
  "admin-payouts": [status?: string];
  "site-history": [];
  words: [];
  stores: [];
  transfers: [list?: "list" | "damaged"];
  transfer: [id: number];
  "freed-space": [];
  decoders: [];
  formats: [];
}
export type Topic = keyof Topics;

/** The key of a query. A key with fewer parts stands for all queries that begin with it. */
export const keyOf = <Name extends Topic>(topic: Name, ...parts: Topics[Name]): readonly [Name, ...Topics[Name]] => [
  topic,
  ...parts,
];
