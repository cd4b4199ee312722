// Made by `npm run generate` from the API's description. Ids are integers below 2^53, times RFC 3339, durations seconds.

export interface Account {
  id: number;
  username: string;
  email: string;
  role: "user" | "moderator" | "admin";
  state: "active" | "pending" | "suspended" | "banned";
  state_until: string | null;
  state_reason: string;
  application: string;
  created_at: string;
  used_at: string | null;
  nickname: string;
  avatar: string;
}

export interface AddedCaptions {
  id: number;
  language: string;
  label: string;
  cues: number;
  source: "upload" | "file";
  size: number;
  created_at: string;
  encoding: string;
  is_guess: boolean;
  omissions: Array<{
    code: string;
    message: string;
    line: number;
  }>;
  omission_count: number;
}

export interface Advice {
  code: string;
  severity: "info" | "warning" | "error";
  values: {
    days?: number;
    count?: number;
    hours?: number;
    name?: string;
  };
  path: string;
}

export interface AnalyticsDay {
  date: string;
  views: number;
  watch_time: number;
}

export interface AppealedCase {
  id: number;
  kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
  thing_id: number;
  author_id: number | null;
  video_id: number | null;
  excerpt: string;
  is_held: boolean;
  held_for: string;
  report_count: number;
  reasons: Array<{
    reason:
      | "spam"
      | "harassment"
      | "hate"
      | "violence"
      | "sexual"
      | "child_safety"
      | "self_harm"
      | "misinformation"
      | "copyright"
      | "privacy"
      | "impersonation"
      | "other";
    count: number;
  }>;
  state: "open" | "decided";
  action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban" | null;
  note: string;
  rule: string;
  until: string | null;
  moderator_id: number | null;
  assignee_id: number | null;
  created_at: string;
  decided_at: string | null;
  is_final: boolean;
  appeal: {
    text: string;
    state: "open" | "accepted" | "refused";
    answer: string;
    created_at: string;
  };
}

export interface AuditAccount {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  is_deleted: boolean;
}

export interface AuditEntry {
  id: number;
  act: string;
  actor_id: number | null;
  subject_kind: string | null;
  subject_id: number | null;
  detail: string;
  at: string;
  actor: AuditAccount | null;
  subject: AuditAccount | null;
}

export interface Author {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  role?: "moderator" | "admin";
  is_followed: boolean;
}

export interface BegunVideo {
  watched_at: string;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface CachePolicy {
  name: string;
  service: string;
  ttl_seconds: number;
  stale_seconds: number;
  entries: number | null;
  bytes: number | null;
  hits: number;
  misses: number;
  hit_rate: number;
  shared: boolean;
  what: string;
  max_seconds: number | null;
  warmable: boolean;
}

export interface Captions {
  id: number;
  language: string;
  label: string;
  cues: number;
  source: "upload" | "file";
  size: number;
  created_at: string;
}

export interface CaseNote {
  id: number;
  case_id: number;
  author_id: number | null;
  text: string;
  created_at: string;
  author: Owner | null;
}

export interface CaseReport {
  id: number;
  reporter_id: number;
  reason:
    | "spam"
    | "harassment"
    | "hate"
    | "violence"
    | "sexual"
    | "child_safety"
    | "self_harm"
    | "misinformation"
    | "copyright"
    | "privacy"
    | "impersonation"
    | "other";
  text: string;
  created_at: string;
  reporter: Owner;
}

export interface ChainDetails {
  chain_id: number;
  namespace: "eip155" | "solana";
  name: string;
  state: "up" | "degraded" | "down";
  since: string;
  block: number | null;
  grant: string;
  estimate_seconds: number | null;
  agree: number;
  endpoints: Array<ChainEndpoint>;
  fault: string | null;
  grant_block: number | null;
  block_age_seconds: number | null;
  block_age_seconds_max: number;
}

export interface ChainEndpoint {
  host: string;
  fault: string | null;
  requests: number;
  errors: number;
  latency: number | null;
  asked_at: string | null;
}

export interface ChainStatus {
  chain_id: number;
  namespace: "eip155" | "solana";
  name: string;
  state: "up" | "degraded" | "down";
  since: string;
  block: number | null;
  grant: string;
  estimate_seconds: number | null;
}

export interface ChannelAnalytics {
  views: number;
  watch_time: number;
  followers_gained: number;
  average_view: number;
  series: Array<AnalyticsDay>;
  retention: Array<number>;
  sources: Array<SourceViews>;
  previous: {
    views: number;
    watch_time: number;
    followers_gained: number;
  };
  top: Array<TopVideo>;
}

export interface Chapter {
  start: number;
  title: string;
}

export interface CheckedInvitation {
  valid: boolean;
  instance: string;
  note: string;
  inviter: Author | null;
}

export interface Comment {
  id: number;
  video_id: number;
  user_id: number;
  content: string;
  parent_id: number | null;
  root_id: number | null;
  reply_to_user_id: number | null;
  like_count: number;
  reply_count: number;
  is_liked: boolean;
  is_mine: boolean;
  is_pinned: boolean;
  is_held: boolean;
  is_by_owner: boolean;
  created_at: string;
  edited_at: string | null;
  user: Author;
}

export interface Conversation {
  id: number;
  user_id: number;
  last_message: Message | null;
  unread_count: number;
  is_request: boolean;
  updated_at: string;
  username: string;
  nickname: string;
  avatar: string;
}

export interface DamagedObject {
  object: string;
  store: string;
  size_bytes: number;
  found_at: string;
  user_ids: Array<number>;
  users: Array<Owner>;
}

export interface Danmaku {
  id: number;
  position: number;
  content: string;
  color: number;
  mode: "scroll" | "top" | "bottom";
  is_mine: boolean;
}

export interface DeadEvent {
  id: string;
  type: string;
  subject_id: number;
  tries: number;
  error: string;
  died_at: string;
  service: string;
}

export interface DeadJob {
  id: number;
  kind: string;
  tries: number;
  error: string | null;
  owner_id: number | null;
  created_at: string;
  died_at: string;
  service: string;
}

export interface Decision {
  id: number;
  kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
  thing_id: number;
  excerpt: string;
  action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban";
  note: string;
  rule: string;
  until: string | null;
  decided_at: string;
  appeal: {
    text: string;
    state: "open" | "accepted" | "refused";
    answer: string;
    created_at: string;
  } | null;
}

export interface Decoders {
  ffmpeg: string | null;
  version: string | null;
  faults: {
    state: "known" | "none_known" | "packaged" | "unlisted";
    says: string;
  } | null;
  sandbox: "bwrap" | "namespaces" | "network" | "limits" | "none";
  allowed: Array<
    | "readFiles"
    | "writeFiles"
    | "reachLoopback"
    | "reachNetwork"
    | "reachSockets"
    | "startProcesses"
    | "takeMemory"
    | "fillDisk"
    | "seeProcesses"
    | "signalProcesses"
    | "readEnvironment"
    | "readOtherEnvironments"
  >;
}

export interface Deletion {
  user_id: number;
  begun_at: string;
  ended_at: string | null;
  receipts: Array<{
    service: string;
    at: string;
  }>;
  missing: Array<string>;
}

export interface DriveEntry {
  id: number;
  folder_id: number | null;
  name: string;
  kind: "folder" | "video" | "audio" | "image" | "other";
  mime: string;
  size: number;
  is_shared: boolean;
  created_at: string;
  changed_at: string;
  trashed_at: string | null;
}

export interface DriveOutcome {
  id: number;
  ok: boolean;
  entry: DriveEntry | null;
  task_id: number | null;
  error: {
    code: string;
    message: string;
  } | null;
}

export interface DriveShare {
  id: number;
  entry_id: number;
  entry_name: string;
  entry_kind: "folder" | "video" | "audio" | "image" | "other";
  is_protected: boolean;
  expires_at: string | null;
  downloads_max: number | null;
  downloads: number;
  visits: number;
  created_at: string;
}

export interface ErrorAnswer {
  code: number;
  message: string;
  data: null;
  error: string;
  errors?: Array<{
    field: string;
    message: string;
    suggestion?: string;
  }>;
  until?: string;
  reason?: string;
  max?: number;
  details?: Record<string, never>;
  trace_id: string;
}

export interface FanClub {
  id: number;
  name: string;
  member_count: number;
  is_member: boolean;
  level: number;
  experience: number;
  next_level_at: number | null;
  badge_name: string;
}

export interface FanClubMember {
  is_member: boolean;
  member_count: number;
  level: number;
  experience: number;
  next_level_at: number | null;
  badge_name: string;
}

export interface FavoriteFolder {
  id: number;
  user_id: number;
  name: string;
  is_public: boolean;
  video_count: number;
  created_at: string;
}

export interface FavoriteVideo {
  folder_id: number | null;
  kept_at: string;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface FeedSettings {
  is_personal: boolean;
  fresh: number;
  following: number;
  popular: number;
  similar: number;
}

export interface FeedVideo {
  reason: "hot" | "follow" | "content" | "similar" | "fresh";
  tag: string | null;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
  liked_by: Array<{
    id: number;
    username: string;
    nickname: string;
    avatar: string;
    role?: "moderator" | "admin";
  }>;
}

export interface FinishedUpload {
  upload_id: number;
  file_id: number;
  name: string;
  size: number;
  sha256: string;
  mime: string;
  kind: "video" | "audio" | "image" | "other";
  purpose: "media" | "drive";
  media_id: number | null;
  entry_id: number | null;
}

export interface FollowedAuthor {
  published_at: string | null;
  user: Author;
}

export interface FollowerRequest {
  user: UserBrief;
  created_at: string;
}

export interface FoundFile {
  highlights: Array<HighlightRange>;
  id: number;
  folder_id: number | null;
  name: string;
  kind: "folder" | "video" | "audio" | "image" | "other";
  mime: string;
  size: number;
  is_shared: boolean;
  created_at: string;
  changed_at: string;
  trashed_at: string | null;
  folders: Array<{
    id: number;
    name: string;
  }>;
}

export interface FoundHashtag {
  id: number;
  name: string;
  description: string;
  view_count: number;
  video_count: number;
  hot_score: number;
  is_hot: boolean;
  created_at: string;
}

export interface FoundLive {
  id: number;
  owner_id: number;
  title: string;
  description: string;
  cover: string;
  picture_url: string | null;
  category_id: number | null;
  room_id: number;
  status: "waiting" | "live" | "paused" | "ended";
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_private: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  online_count: number;
  peak_count: number;
  view_count: number;
  like_count: number;
  gift_count: number;
  gift_value: number;
  has_products: boolean;
  is_mine: boolean;
  is_removed: boolean;
  scheduled_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  duration: number;
  keeps_recording: boolean;
  video_id: number | null;
  stream_key?: string;
  push_url?: string;
  created_at: string;
  owner: Author;
  play_url: string;
  hls_url: string;
  dvr_url: string;
  flv_url: string;
  webrtc_url: string;
  guests: Array<LiveGuest>;
}

export interface FoundUser {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  introduction: string;
  role?: "moderator" | "admin";
  is_followed: boolean;
}

export interface FoundVideo {
  highlights: Array<Highlight>;
  moments: Array<Moment>;
  moments_total: number;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface Gate {
  any?: Array<GateGroup>;
  all?: Array<GateGroup>;
  kind?: "followers" | "password" | "invited" | "coins" | "tier" | "tokens";
  since_days?: number;
  price?: number;
  rent_hours?: number;
  tier_id?: number;
  chain_id?: number;
  contract?: string;
  standard?: "erc721" | "erc1155" | "erc20" | "spl";
  token_id?: string;
  min?: string;
}

export interface GateGroup {
  any?: Array<GateTerm>;
  all?: Array<GateTerm>;
  kind?: "followers" | "password" | "invited" | "coins" | "tier" | "tokens";
  since_days?: number;
  price?: number;
  rent_hours?: number;
  tier_id?: number;
  chain_id?: number;
  contract?: string;
  standard?: "erc721" | "erc1155" | "erc20" | "spl";
  token_id?: string;
  min?: string;
}

export interface GateOpening {
  user_id: number;
  term: string;
  at: string;
}

export interface GateTerm {
  kind?: "followers" | "password" | "invited" | "coins" | "tier" | "tokens";
  since_days?: number;
  price?: number;
  rent_hours?: number;
  tier_id?: number;
  chain_id?: number;
  contract?: string;
  standard?: "erc721" | "erc1155" | "erc20" | "spl";
  token_id?: string;
  min?: string;
}

export interface GateTermState {
  path: string;
  kind: string;
  state: "met" | "unmet" | "waiting_for_finality" | "unknown";
  needs?: "sign_in" | "wallet" | "follow" | "password" | "pay" | "invitation" | "tier" | "token";
}

export interface GateView {
  open: boolean;
  gate: Gate | null;
  terms: Array<GateTermState>;
  teaser: "none" | "title" | "cover";
  owner_id: number;
  title: string;
}

export interface Gift {
  id: number;
  name: string;
  slug: string;
  icon: string;
  animation: "pop" | "float" | "burst" | "screen";
  price: number;
  type: "small" | "large" | "grand";
  level: number;
}

export interface GiftRecord {
  id: number;
  live_id: number;
  user_id: number | null;
  target_id: number;
  gift_id: number;
  gift_name: string;
  gift_slug: string;
  gift_icon: string;
  quantity: number;
  unit_price: number;
  total_value: number;
  combo_count: number;
  message: string;
  message_status: "sent" | "held" | "refused" | "deleted";
  message_reason?: string;
  message_seq: number | null;
  is_anonymous: boolean;
  is_mine: boolean;
  balance?: number;
  created_at: string;
  user: Author | null;
}

export interface Giver {
  rank: number;
  user_id: number | null;
  is_anonymous: boolean;
  is_mine: boolean;
  gift_count: number;
  total_value: number;
  user: Author | null;
}

export interface Hashtag {
  id: number;
  name: string;
  description: string;
  view_count: number;
  video_count: number;
  hot_score: number;
  is_hot: boolean;
  created_at: string;
}

export interface HashtagCover {
  video_id: number;
  cover_url: string;
  thumb: string | null;
}

export interface Health {
  status: "ok" | "degraded" | "down";
  since: string;
  processes: Array<MonitoredProcess>;
  components: Array<MonitoredComponent>;
  changes: Array<MonitoredProcessChange>;
}

export interface HeldLiveMessage {
  id: number;
  user_id: number;
  username: string;
  nickname: string;
  avatar: string;
  content: string;
  reason: string;
  gift_record_id: number | null;
  created_at: string;
}

export interface Highlight {
  field: "title" | "description";
  ranges: Array<HighlightRange>;
}

export interface HighlightRange {
  from: number;
  to: number;
  is_near?: boolean;
}

export interface Import {
  id: number;
  url: string;
  name: string;
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  size: number | null;
  received: number;
  file_id: number | null;
  reason: {
    error: string;
    message: string;
  } | null;
  purpose: "media" | "drive";
  folder_id: number | null;
  conflict: "rename" | "replace" | "skip";
  created_at: string;
}

export interface Instance {
  name: string;
  description: string;
  rules: string;
  contact: string;
  icon_url: string;
  accent: string;
  theme: {
    dark: {
      accent: string;
      ink: string;
    };
    light: {
      accent: string;
      ink: string;
    };
  };
  languages: Array<string>;
  start_page: "auto" | "feed" | "explore";
  first_run: boolean;
  registration: "open" | "approval" | "invitation" | "closed";
  sign_up_email: "off" | "optional" | "required";
  users_invite: boolean;
  demo: boolean;
  upload_bytes_max: number;
  features: Array<string>;
  version?: string;
}

export interface InstanceChange {
  id: number;
  actor_id: number;
  fields: Array<string>;
  created_at: string;
  actor: Owner;
}

export interface Interest {
  kind: "tag" | "author" | "length";
  name: string;
  strength: number;
  author: Author | null;
}

export interface Invitation {
  id: number;
  note: string;
  email: string;
  uses: number;
  used: number;
  skips_approval: boolean;
  created_at: string;
  expires_at: string;
  user: Author | null;
  accounts: Array<Author>;
}

export interface LikedVideo {
  liked_at: string;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface LinkedProvider {
  id: string;
  name: string;
  subject_hint: string;
  linked_at: string;
}

export interface LinkedWallet {
  id: number;
  namespace: "eip155" | "solana";
  address: string;
  kind: "key" | "contract";
  chain_id: number | null;
  name: string;
  is_public: boolean;
  linked_at: string;
}

export interface ListedVideo {
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface Live {
  id: number;
  owner_id: number;
  title: string;
  description: string;
  cover: string;
  picture_url: string | null;
  category_id: number | null;
  room_id: number;
  status: "waiting" | "live" | "paused" | "ended";
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_private: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  online_count: number;
  peak_count: number;
  view_count: number;
  like_count: number;
  gift_count: number;
  gift_value: number;
  has_products: boolean;
  is_mine: boolean;
  is_removed: boolean;
  scheduled_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  duration: number;
  keeps_recording: boolean;
  video_id: number | null;
  stream_key?: string;
  push_url?: string;
  created_at: string;
  owner: Author;
  play_url: string;
  hls_url: string;
  dvr_url: string;
  flv_url: string;
  webrtc_url: string;
  guests: Array<LiveGuest>;
}

export interface LiveChatSettings {
  is_open: boolean;
  slow_mode: number;
  followers_only: boolean;
  hold_links: boolean;
  keywords: Array<{
    pattern: string;
    action: "hold" | "refuse";
  }>;
  may_moderate: boolean;
}

export interface LiveClip {
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface LiveGuest {
  live_id: number;
  user_id: number;
  status: "invited" | "live" | "paused";
  invited_at: string;
  user: Author;
}

export interface LiveMessage {
  seq: number;
  type: string;
  user_id: number;
  username: string;
  nickname: string;
  avatar: string;
  badge: "" | "host" | "moderator";
  fan_level: number;
  content: string;
  detail: string;
  created_at: string;
}

export interface LiveModerator {
  user_id: number;
  created_at: string;
  user: Author | null;
}

export interface LivePlayback {
  hls_url: string;
  dvr_url: string;
  flv_url: string;
  webrtc_url: string;
  expires_at: string | null;
}

export interface LiveRestriction {
  user_id: number;
  kind: "mute" | "ban";
  until: string | null;
  created_at: string;
  user: Author | null;
}

export interface LiveViewerCount {
  at: string;
  viewers: number;
}

export interface Media {
  id: number;
  user_id: number;
  kind: "video" | "image" | "audio";
  mime: string;
  size: number;
  sha256: string;
  width: number;
  height: number;
  duration: number;
  status: "uploaded" | "processing" | "ready" | "failed";
  status_reason: {
    error: string;
    message: string;
  } | null;
  notices: Array<{
    code: string;
    message: string;
  }>;
  created_at: string;
  url: string;
  thumbnail_url: string;
  hls_url: string;
  dash_url: string | null;
  renditions: Array<{
    profile: string;
    width: number;
    height: number;
    bitrate: number;
    url: string;
  }>;
}

export interface MediaFormat {
  kind: "container" | "codec";
  name: string;
  is_on: boolean;
}

export interface Message {
  id: number;
  conversation_id: number;
  sender_id: number;
  receiver_id: number;
  type: number;
  content: string;
  media_url: string;
  video_id: number | null;
  is_read: boolean;
  read_at: string | null;
  is_mine: boolean;
  created_at: string;
}

export interface ModerationCase {
  id: number;
  kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
  thing_id: number;
  author_id: number | null;
  video_id: number | null;
  excerpt: string;
  is_held: boolean;
  held_for: string;
  report_count: number;
  reasons: Array<{
    reason:
      | "spam"
      | "harassment"
      | "hate"
      | "violence"
      | "sexual"
      | "child_safety"
      | "self_harm"
      | "misinformation"
      | "copyright"
      | "privacy"
      | "impersonation"
      | "other";
    count: number;
  }>;
  state: "open" | "decided";
  action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban" | null;
  note: string;
  rule: string;
  until: string | null;
  moderator_id: number | null;
  assignee_id: number | null;
  created_at: string;
  decided_at: string | null;
  is_final: boolean;
  author: Owner | null;
  moderator: Owner | null;
  assignee: Owner | null;
  position: number | null;
}

export interface ModerationCounts {
  open: number;
  held: number;
  mine: number;
  appeals: number;
}

export interface Moment {
  at: number;
  language: string;
  text: string;
  ranges: Array<HighlightRange>;
}

export interface MonitoredComponent {
  name: string;
  kind: "database" | "storage" | "cache" | "bus" | "registry" | "search" | "media" | "service";
  state: "ok" | "degraded" | "down";
  message: string;
  latency_ms: number | null;
  since: string;
}

export interface MonitoredProcess {
  id: string;
  host: string;
  version: string;
  services: Array<string>;
  started_at: string;
  cpu: number;
  memory_bytes: number;
  connections: number;
  event_loop_lag_ms: number;
  state: "starting" | "ready" | "draining" | "away";
}

export interface MonitoredProcessChange {
  at: string;
  change: "registered" | "stopped" | "away" | "replaced";
  process: string;
  host: string;
  version: string;
  services: Array<string>;
}

export interface Muted {
  tag: string | null;
  created_at: string;
  author: Author | null;
}

export interface NewPasskeyCredential {
  id: string;
  rawId: string;
  type: "public-key";
  response: {
    clientDataJSON: string;
    attestationObject: string;
    transports?: Array<string>;
  };
}

export interface NotInterested {
  scope: "video" | "author" | "tag";
  video_id: number;
  tag: string | null;
  created_at: string;
  video: Video | null;
  author: Author | null;
}

export interface Notification {
  id: number;
  type: number;
  kind:
    | "like"
    | "comment"
    | "reply"
    | "mention"
    | "comment_like"
    | "follow"
    | "follow_request"
    | "published"
    | "live"
    | "welcome"
    | "alerted"
    | "removed"
    | "warned"
    | "muted"
    | "suspended"
    | "banned"
    | "decision_undone"
    | "appeal_refused"
    | "measure_ended";
  group_id: number;
  sender_id: number | null;
  sender_count: number;
  count: number;
  related_id: number | null;
  video_id: number | null;
  comment_id: number | null;
  live_id: number | null;
  alert:
    | "new_device"
    | "factor_changed"
    | "email_changed"
    | "token_made"
    | "wallet_linked"
    | "recovery_used"
    | "passkey_copied"
    | "reset"
    | null;
  title: string;
  content: string;
  is_read: boolean;
  created_at: string;
  sender: Author | null;
  senders: Array<Author>;
  cover: {
    cover_url: string;
    thumb: string | null;
  } | null;
}

export interface NotificationSettings {
  like: boolean;
  comment: boolean;
  reply: boolean;
  mention: boolean;
  comment_like: boolean;
  follow: boolean;
  published: boolean;
  live: boolean;
  mail: {
    like: boolean;
    comment: boolean;
    reply: boolean;
    mention: boolean;
    comment_like: boolean;
    follow: boolean;
    published: boolean;
    account: boolean;
  };
  push: {
    like: boolean;
    comment: boolean;
    reply: boolean;
    mention: boolean;
    comment_like: boolean;
    follow: boolean;
    published: boolean;
    live: boolean;
    account: boolean;
    message: boolean;
  };
}

export interface OpenSession {
  id: string;
  origin: "native" | "resumable" | "cloudfiles" | "douyin" | "personal";
  agent: string;
  is_current: boolean;
  methods: Array<"password" | "totp" | "passkey" | "recovery_code" | "wallet" | "provider" | "link" | "registration">;
  is_new_device: boolean;
  created_at: string;
  used_at: string;
  expires_at: string;
}

export interface Order {
  id: number;
  product_id: number;
  product_name: string;
  user_id: number | null;
  quantity: number;
  unit_price: number;
  total_price: number;
  currency: string;
  confirmed_at: string;
  user: Author | null;
}

export interface Overview {
  users: {
    total: number;
    series: Array<number>;
  } | null;
  videos: {
    total: number;
    series: Array<number>;
  } | null;
  views_today: {
    total: number;
    series: Array<number>;
  } | null;
  watching_now: {
    total: number;
    series: Array<number>;
  } | null;
  live: {
    rooms: number;
    viewers: number;
  } | null;
  storage: {
    used: number;
    free: number | null;
    by_kind: {
      video: number;
      audio: number;
      image: number;
      other: number;
      renditions: number;
    };
    days_left: number | null;
  } | null;
  processing: {
    running: number;
    waiting: number;
    failed: number;
    wait_seconds: number;
  } | null;
  reports: {
    open: number;
    held: number;
    oldest_hours: number;
  } | null;
  components: Array<{
    name: string;
    version: string | null;
    state: "ok" | "faulty" | "missing";
    faults: string | null;
  }>;
  backup: {
    at: string;
    verified_at: string | null;
  } | null;
  advice: Array<Advice>;
}

export interface OwnComment {
  id: number;
  video_id: number;
  parent_id: number | null;
  content: string;
  is_held: boolean;
  like_count: number;
  created_at: string;
  edited_at: string | null;
}

export interface OwnDanmaku {
  id: number;
  video_id: number;
  position: number;
  content: string;
  color: number;
  mode: "scroll" | "top" | "bottom";
  created_at: string;
}

export interface Owner {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
}

export interface Passkey {
  id: number;
  name: string;
  created_at: string;
  used_at: string | null;
  synced: boolean;
  passwordless: boolean;
  rp_id: string;
}

export interface PasskeyCreationOptions {
  challenge_id: string;
  challenge: string;
  rp: {
    id: string;
    name: string;
  };
  user: {
    id: string;
    name: string;
    displayName: string;
  };
  pubKeyCredParams: Array<{
    type: "public-key";
    alg: number;
  }>;
  timeout: number;
  attestation: "none";
  excludeCredentials: Array<{
    id: string;
    type: "public-key";
    transports: Array<string>;
  }>;
  authenticatorSelection: {
    residentKey: "discouraged" | "preferred" | "required";
    requireResidentKey: boolean;
    userVerification: "discouraged" | "preferred" | "required";
  };
}

export interface PasskeyCredential {
  id: string;
  rawId: string;
  type: "public-key";
  response: {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    userHandle?: string;
  };
}

export interface PasskeyRequestOptions {
  challenge_id: string;
  challenge: string;
  rpId: string;
  allowCredentials: Array<{
    id: string;
    type: "public-key";
    transports: Array<string>;
  }>;
  timeout: number;
  userVerification: "discouraged" | "preferred" | "required";
}

export interface Payout {
  id: number;
  amount: number;
  status: "pending" | "approved" | "paid" | "refused" | "expired";
  note: string;
  requested_at: string;
  expires_at: string;
  decided_at: string | null;
}

export interface PersonalToken {
  id: string;
  name: string;
  scopes: Array<
    | "account:read"
    | "videos:read"
    | "videos:write"
    | "drive:read"
    | "drive:write"
    | "live:read"
    | "live:write"
    | "social:read"
    | "social:write"
    | "messages:read"
    | "messages:write"
    | "search:read"
    | "moderate"
    | "admin:read"
    | "cloudfiles"
    | "resumable"
    | "douyin"
  >;
  prefix: string;
  created_at: string;
  used_at: string | null;
  expires_at: string | null;
}

export interface Playlist {
  id: number;
  user_id: number;
  title: string;
  description: string;
  visibility: "public" | "unlisted" | "private" | "gated";
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  created_at: string;
}

export interface Product {
  id: number;
  live_id: number;
  name: string;
  description: string;
  cover: string;
  price: number;
  sale_price: number | null;
  currency: string;
  stock: number;
  available: number;
  status: "on" | "off";
  is_pinned: boolean;
  created_at: string;
}

export interface ProfileLink {
  title: string;
  url: string;
}

export interface ReceivedComment {
  id: number;
  video_id: number;
  user_id: number;
  content: string;
  parent_id: number | null;
  root_id: number | null;
  reply_to_user_id: number | null;
  like_count: number;
  reply_count: number;
  is_liked: boolean;
  is_mine: boolean;
  is_pinned: boolean;
  is_held: boolean;
  is_by_owner: boolean;
  created_at: string;
  edited_at: string | null;
  user: Author;
  video: {
    id: number;
    title: string;
    cover_url: string;
  };
}

export interface RecommendModel {
  id: number;
  created_at: string;
  signals: number;
  users: number;
  videos: number;
  recall: number;
  ndcg: number;
  share: number;
}

export interface RegistrationRules {
  registration: "open" | "approval" | "invitation" | "closed";
  email: "off" | "optional" | "required";
  users_invite: boolean;
  work_bits: number;
  domains_allowed: Array<string>;
  domains_denied: Array<string>;
}

export interface Report {
  id: number;
  kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
  thing_id: number;
  reason:
    | "spam"
    | "harassment"
    | "hate"
    | "violence"
    | "sexual"
    | "child_safety"
    | "self_harm"
    | "misinformation"
    | "copyright"
    | "privacy"
    | "impersonation"
    | "other";
  text: string;
  state: "open" | "decided";
  action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban" | null;
  note: string;
  created_at: string;
  decided_at: string | null;
}

export interface Reservation {
  id: number;
  product_id: number;
  quantity: number;
  unit_price: number;
  total_price: number;
  currency: string;
  status: "reserved" | "confirmed" | "cancelled" | "expired";
  expires_at: string;
}

export interface Runner {
  id: number;
  name: string;
  description: string;
  is_enabled: boolean;
  version: string;
  created_at: string;
  seen_at: string;
  address: string;
  is_present: boolean;
  jobs_done: number;
  jobs_failed: number;
  jobs: Array<{
    id: number;
    kind: "first" | "quick" | "ladder" | "extras";
    media_id: number;
    progress: number;
    started_at: string;
  }>;
}

export interface RunnerRegistration {
  id: number;
  label: string;
  created_at: string;
  used_at: string | null;
  runners: number;
}

export interface SecurityAlert {
  id: number;
  kind:
    | "new_device"
    | "factor_changed"
    | "email_changed"
    | "token_made"
    | "wallet_linked"
    | "recovery_used"
    | "passkey_copied"
    | "reset";
  at: string;
  agent: string;
  name: string;
  session_id: string | null;
}

export interface Session {
  user_id: number;
  token: string;
  refresh_token: string;
  expires_at: string;
  role: "user" | "moderator" | "admin";
  user: User | null;
}

export interface SharedEntry {
  id: number;
  name: string;
  kind: "folder" | "video" | "audio" | "image" | "other";
  mime: string;
  size: number;
  changed_at: string;
}

export interface SignInFactors {
  password: boolean;
  password_changed_at: string | null;
  totp: {
    since: string;
  } | null;
  passkeys: Array<Passkey>;
  recovery_codes_left: number;
  wallets: Array<LinkedWallet>;
  providers: Array<LinkedProvider>;
}

export interface SourceViews {
  source:
    | "feed"
    | "explore"
    | "following"
    | "search"
    | "profile"
    | "playlist"
    | "related"
    | "embed"
    | "share"
    | "other";
  site?: string;
  views: number;
}

export interface SpaceRelease {
  id: number;
  status: "running" | "done" | "failed";
  objects: number;
  bytes: number;
  reason: string | null;
  created_at: string;
  ended_at: string | null;
}

export interface StatementEntry {
  id: number;
  account: "gift_coins" | "coins" | "gift_earnings" | "earnings";
  kind:
    | "sign_up"
    | "bonus"
    | "grant"
    | "purchase"
    | "correction"
    | "gift"
    | "platform_share"
    | "payout"
    | "access"
    | "refund";
  amount: number;
  balance: number;
  live_id: number | null;
  gift_id: number | null;
  user_id: number | null;
  payout_id: number | null;
  at: string;
  user: Author | null;
}

export interface Store {
  name: string;
  is_default: boolean;
  is_ready: boolean;
  reason: string | null;
  is_long_term: boolean;
}

export interface StreamHealth {
  is_sending: boolean;
  source: "rtmp" | "whip" | null;
  since: string | null;
  bitrate_bps: number;
  frames_per_second: number;
  keyframe: number | null;
  dropped_frames: number;
  video: {
    codec: string;
    width: number;
    height: number;
  } | null;
  audio: {
    codec: string;
    sample_rate: number;
    channels: number;
  } | null;
  warnings: Array<
    | "keyframes_apart"
    | "no_sound"
    | "no_picture"
    | "frames_dropped"
    | "silent"
    | "rung_degraded"
    | "recording_stopped"
    | "keyframes_missing"
    | "picture_not_common"
    | "clocks_apart"
    | "clock_frozen"
  >;
  last_refusal: {
    at: string;
    reason:
      | "wrong_key"
      | "key_replaced"
      | "ended"
      | "full"
      | "unsupported"
      | "malformed"
      | "too_large"
      | "order"
      | "bitrate_exceeded"
      | "duration_exceeded";
    sentence: string;
  } | null;
  rungs: Array<{
    name: string;
    state: "starting" | "steady" | "degraded" | "given_up";
  }>;
}

export interface Suggestion {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  introduction: string;
  role?: "moderator" | "admin";
  reason: "followed_by_following" | "popular" | "similar_to_following";
  mutuals: Array<{
    id: number;
    username: string;
    nickname: string;
    avatar: string;
    role?: "moderator" | "admin";
  }>;
  mutual_count: number;
}

export interface TaggedVideo {
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface TokenHolding {
  owned: boolean;
  has_nft: boolean;
  balance: string;
  state: "held" | "waiting_for_finality" | "not_held";
  chain_id: number;
  contract: string;
  standard: "erc721" | "erc1155" | "erc20" | "spl";
  token_id: string | null;
  block: number | null;
  checked_at: string;
}

export interface TopVideo {
  views: number;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface TranscodeTask {
  task_id: number;
  media_id: number;
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  progress: number;
  step: string;
  error: string | null;
  seconds_left: number | null;
}

export interface Transfer {
  id: number;
  kind: "move" | "copy" | "verify" | "repair";
  from: string | null;
  to: string | null;
  space: "upload" | "media" | null;
  user_id: number | null;
  older_than: number | null;
  larger_than_bytes: number | null;
  bytes_per_second: number | null;
  is_automatic: boolean;
  is_scrub: boolean;
  status: "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
  is_planned: boolean;
  objects_total: number;
  bytes_total: number;
  objects_done: number;
  bytes_done: number;
  objects_waiting: number;
  objects_skipped: number;
  objects_damaged: number;
  objects_repaired: number;
  objects_failed: number;
  reason: string | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface TrendingHashtag {
  id: number;
  name: string;
  description: string;
  view_count: number;
  video_count: number;
  hot_score: number;
  is_hot: boolean;
  created_at: string;
  covers: Array<HashtagCover>;
}

export interface TypedSignIn {
  types: {
    EIP712Domain: Array<{
      name: string;
      type: string;
    }>;
    SignIn: Array<{
      name: string;
      type: string;
    }>;
  };
  primaryType: "SignIn";
  domain: {
    name: string;
    version: string;
    chainId: number;
  };
  message: {
    domain: string;
    uri: string;
    account: string;
    statement: string;
    nonce: string;
    issuedAt: string;
    expiresAt: string;
  };
}

export interface UnreadCounts {
  message_count: number;
  request_count: number;
  notification_count: number;
}

export interface Update {
  seq: number;
  type: "message" | "read" | "conversation" | "notification" | "notifications";
  conversation_id: number | null;
  message: Message | null;
  unread: UnreadCounts;
  created_at: string;
  notification: Notification | null;
}

export interface Upload {
  id: number;
  name: string;
  status: "uploading" | "completed" | "cancelled" | "expired";
  size: number | null;
  received: number;
  chunk_size: number | null;
  chunk_count: number | null;
  file_id: number | null;
  purpose: "media" | "drive";
  folder_id: number | null;
  conflict: "rename" | "replace" | "skip";
  created_at: string;
  expires_at: string;
}

export interface UploadChallenge {
  nonce: string;
  ranges: Array<{
    offset: number;
    length: number;
  }>;
  expires_at: string;
}

export interface User {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  background_image: string;
  gender: number;
  bio: string;
  introduction: string;
  about: string;
  links: Array<{
    title: string;
    url: string;
  }>;
  province: string;
  city: string;
  school: string;
  company: string;
  profession: string;
  homepage: string;
  role: "user" | "moderator" | "admin";
  is_verified: boolean;
  approves_followers: boolean;
  created_at: string;
  email?: string;
  phone?: string;
  birthday?: string;
  show_favorites?: boolean;
  show_likes?: boolean;
  show_following?: boolean;
  show_followers?: boolean;
  is_followed: boolean;
  is_requested: boolean;
  is_blocked: boolean;
  follow_count: number;
  follower_count: number;
  video_count: number;
  like_count: number;
  favorite_count: number;
}

export interface UserBrief {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  introduction: string;
  role?: "moderator" | "admin";
  is_followed: boolean;
}

export interface UserPayout {
  id: number;
  amount: number;
  status: "pending" | "approved" | "paid" | "refused" | "expired";
  note: string;
  requested_at: string;
  expires_at: string;
  decided_at: string | null;
  user_id: number | null;
  sources: {
    giver_count: number;
    oldest_giver_at: string | null;
    newest_giver_at: string | null;
    bought_coins: number;
    granted_coins: number;
    largest_giver: number;
    gift_earnings: number;
  };
  user: Author | null;
}

export interface Video {
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface VideoAnalytics {
  views: number;
  watch_time: number;
  followers_gained: number;
  average_view: number;
  series: Array<AnalyticsDay>;
  retention: Array<number>;
  sources: Array<SourceViews>;
  previous: {
    views: number;
    watch_time: number;
    followers_gained: number;
  };
}

export interface VideoDay {
  date: string;
  view_count: number;
  like_count: number;
}

export interface VideoStatistics {
  id: number;
  created_at: string;
  published_at: string | null;
  duration: number;
  file_size: number;
  playlist_count: number;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
}

export interface Wallet {
  balance: number;
  gift_balance: number;
  earnings: number;
  gift_earnings: number;
  pending_payouts: number;
}

export interface WalletLogin {
  user_id?: number;
  token?: string;
  refresh_token?: string;
  expires_at?: string;
  role?: "user" | "moderator" | "admin";
  id?: number;
  namespace?: "eip155" | "solana";
  address: string;
  kind?: "key" | "contract";
  chain_id?: number | null;
  name?: string;
  is_public?: boolean;
  linked_at?: string;
  wallet_address: string;
  user: User | null;
}

export interface WatchSignal {
  video_id: number;
  watched: number;
  is_finished: boolean;
  is_liked: boolean;
  is_favorited: boolean;
  is_shared: boolean;
  is_commented: boolean;
  is_followed: boolean;
  is_refused: boolean;
  changed_at: string;
}

export interface WatchedVideo {
  is_finished: boolean;
  watched_at: string;
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  gate?: Gate;
  teaser?: "none" | "title" | "cover";
  replacement: {
    media_id: number;
    status: "processing" | "failed";
    status_reason: {
      error: string;
      message: string;
    } | null;
  } | null;
  chapters: Array<Chapter>;
  is_draft: boolean;
  publish_at: string | null;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  position: number;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
  preview_url: string | null;
  waveform_url: string | null;
  thumb: string | null;
  gain_db: number;
}

export interface WatchedWord {
  id: number;
  pattern: string;
  action: "hold" | "refuse";
  created_at: string;
}

/** What each operation takes in its path, query and body, and what its envelope carries. */
export interface Operations {
  /** Lists accounts, newest first; `q` matches parts of names and e-mail addresses. */
  "auth.accounts": {
    query: {
      q?: string;
      state?: "active" | "pending" | "suspended" | "banned";
      role?: "user" | "moderator" | "admin";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<Account>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Deletes an account permanently, with all its data. */
  "auth.removeAccount": { path: { id: number }; answer: Record<string, never> };
  /** Approves a pending account. */
  "auth.admit": { path: { id: number }; body: Record<string, never>; answer: Record<string, never> };
  /** Removes all second factors of an account whose owner has lost them; its owner is alerted. */
  "auth.removeFactors": { path: { id: number }; query: { reason: string }; answer: Record<string, never> };
  /** Rejects a pending account, and deletes it with all its data. A message is mailed to its address. */
  "auth.reject": {
    path: { id: number };
    body: {
      message?: string;
    };
    answer: Record<string, never>;
  };
  /** Creates a link to set a new password: `/reset#<token>`, valid once and for an hour. */
  "auth.resetLink": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      token: string;
      expires_at: string;
    };
  };
  /** Sets the role of an account. */
  "auth.setRole": {
    path: { id: number };
    body: {
      role: "user" | "moderator" | "admin";
    };
    answer: Record<string, never>;
  };
  /** Lists the audit trail, latest first; its entries cannot be changed or removed. */
  "moderation.audit": {
    query: {
      act?: string;
      area?: string;
      actor_id?: number;
      subject_id?: number;
      since?: string;
      before?: string;
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<AuditEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Lists the chains with their endpoints, as the answering process sees them: faults, errors and latency. */
  "auth.chainDetails": {
    answer: {
      list: Array<ChainDetails>;
    };
  };
  /** Lists deleted accounts, latest first, and which services have confirmed that nothing of them is left. */
  "auth.deletions": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Deletion>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Dead letters: events that a service could not apply in all its attempts, latest first, with the reason. `service` is the consumer. */
  "worker.deadEvents": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<DeadEvent>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Deletes a dead letter. Its consumer never applies the event. */
  "worker.discardEvent": { path: { service: string; id: string }; answer: Record<string, never> };
  /** Gives a dead letter to its consumer again, with all its attempts. Other consumers do not see it. */
  "worker.retryEvent": {
    path: { service: string; id: string };
    body: Record<string, never>;
    answer: Record<string, never>;
  };
  /** Changes settings of this instance; omitted fields keep their value. `icon_url` is a picture that the caller uploaded, or empty; an empty `accent` is the default one. An accent that suits one of the themes in no way is refused with the nearest one that does, in `errors[].suggestion`. */
  "instance.update": {
    body: {
      name?: string;
      description?: string;
      rules?: string;
      contact?: string;
      icon_url?: string;
      accent?: "" | string;
      languages?: Array<string>;
      start_page?: "auto" | "feed" | "explore";
      registration?: "open" | "approval" | "invitation" | "closed";
    };
    answer: Instance;
  };
  /** Changes of the settings of this instance, latest first. */
  "instance.history": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<InstanceChange>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Jobs that were given up after their last try, latest first, with why. */
  "worker.dead": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<DeadJob>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Strikes a job that was given up off the list. */
  "worker.discard": { path: { service: string; id: number }; answer: Record<string, never> };
  /** Lets a job that was given up have all its tries again. */
  "worker.retry": { path: { service: string; id: number }; body: Record<string, never>; answer: Record<string, never> };
  /** Sends a test mail; where the mail server does not take it, the message has its answer. */
  "instance.testMail": {
    body: {
      to: string;
    };
    answer: Record<string, never>;
  };
  /** The FFmpeg that reads strangers' files, what is known against its version, and what holds it. */
  "transcoder.decoders": { answer: Decoders };
  /** Lists the known containers and the usual codecs, and whether files of them are accepted. */
  "media.formats": {
    answer: {
      list: Array<MediaFormat>;
    };
  };
  /** Switches a container or a codec off or on, immediately and in all processes: a workaround while a decoder has a known vulnerability. Uploads of a format that is off are refused, and so are tasks that wait. */
  "media.switchFormat": {
    path: { kind: "container" | "codec"; name: string };
    body: {
      is_on: boolean;
    };
    answer: MediaFormat;
  };
  /** Sets the limits of new accounts. */
  "moderation.setRules": {
    body: {
      days: number;
      comments: number;
      hold_links: boolean;
      per_minute: number;
    };
    answer: {
      days: number;
      comments: number;
      hold_links: boolean;
      per_minute: number;
    };
  };
  /** Returns how this instance is: its size, its use, its work and what to see to; a few seconds old at most. */
  "instance.overview": { answer: Overview };
  /** The payouts of all users, or those of one status; the newest first. */
  "live.payouts": {
    query: {
      status?: "pending" | "approved" | "paid" | "refused" | "expired";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<UserPayout>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Approves a payout, or refuses it: then its coins are earnings again. */
  "live.decidePayout": {
    path: { id: number };
    body: {
      approve: boolean;
      note?: string;
    };
    answer: UserPayout;
  };
  /** The latest trained models, with how well each did and how many viewers have it. */
  "recommend.models": {
    answer: {
      list: Array<RecommendModel>;
    };
  };
  /** Gives a model to so many of a hundred viewers, the same ones each time; the others have the model they had most. 100 goes back to an older model. */
  "recommend.setModelShare": {
    path: { id: number };
    body: {
      share: number;
    };
    answer: Record<string, never>;
  };
  /** Trains a model in the background; viewers have it once it is done. */
  "recommend.train": { body: Record<string, never>; answer: Record<string, never> };
  /** Returns how people sign up. */
  "auth.registration": { answer: RegistrationRules };
  /** Sets how people sign up, which overrides the configuration; fields that are left out stay. `email: required` needs a mail server. */
  "auth.setRegistration": {
    body: {
      registration?: "open" | "approval" | "invitation" | "closed";
      email?: "off" | "optional" | "required";
      users_invite?: boolean;
      work_bits?: number;
      domains_allowed?: Array<string>;
      domains_denied?: Array<string>;
    };
    answer: RegistrationRules;
  };
  /** The registration tokens of runners, without the tokens themselves. */
  "transcoder.runnerRegistrations": {
    answer: {
      list: Array<RunnerRegistration>;
    };
  };
  /** Makes a registration token, which is in this answer alone. */
  "transcoder.addRunnerRegistration": {
    body: {
      label?: string;
    };
    answer: {
      id: number;
      label: string;
      created_at: string;
      used_at: string | null;
      runners: number;
      token: string;
    };
  };
  /** Revokes a registration token; runners that registered by it stay. */
  "transcoder.revokeRunnerRegistration": { path: { id: number }; answer: Record<string, never> };
  /** The transcoders that take jobs over HTTPS, and their present jobs. */
  "transcoder.runners": {
    answer: {
      list: Array<Runner>;
    };
  };
  /** Switches a runner off or on; its present jobs go to others. */
  "transcoder.switchRunner": {
    path: { id: number };
    body: {
      is_enabled: boolean;
    };
    answer: Runner;
  };
  /** Removes a runner: its token is refused from then on, and its present jobs go to others. */
  "transcoder.removeRunner": { path: { id: number }; answer: Record<string, never> };
  /** The keywords that are hidden from trending searches and suggestions. */
  "search.hiddenWords": {
    query: { limit?: number };
    answer: {
      list: Array<{
        keyword: string;
      }>;
    };
  };
  /** Hides a keyword from trending searches and suggestions, or shows it again. */
  "search.setHidden": {
    body: {
      keyword: string;
      is_hidden: boolean;
    };
    answer: Record<string, never>;
  };
  /** Compares the index with its sources and repairs it; yields how many entries were wrong. */
  "search.rebuild": {
    body: Record<string, never>;
    answer: {
      videos: number;
      users: number;
      hashtags: number;
      lives: number;
      captions: number;
      files: number;
    };
  };
  /** Begins to delete everything that waits for its grace time: bytes of deleted videos and files, replaced renditions, and uploaded content without a file. Returns the release that is under way where there is one. */
  "transfer.freeSpace": { body: Record<string, never>; answer: SpaceRelease };
  /** The latest release of space, with the objects and bytes it has deleted so far. */
  "transfer.freedSpace": {
    answer: {
      latest: SpaceRelease | null;
    };
  };
  /** Gives a user coins; a negative amount takes some back. It is in the audit log with its reason. */
  "live.grantCoins": {
    path: { id: number };
    body: {
      amount: number;
      source?: "bought" | "granted" | "bonus";
      reason: string;
    };
    answer: Wallet;
  };
  /** Returns the blocklist in alphabetical order, and the limits of new accounts. */
  "moderation.words": {
    answer: {
      list: Array<WatchedWord>;
      rules?: {
        days: number;
        comments: number;
        hold_links: boolean;
        per_minute: number;
      };
    };
  };
  /** Adds a term to the blocklist; `*` at its beginning or end stands for the rest of a word. `hold` shows it to a moderator first, `refuse` says no. */
  "moderation.addWord": {
    body: {
      pattern: string;
      action: "hold" | "refuse";
    };
    answer: WatchedWord;
  };
  /** Removes a term from the blocklist. */
  "moderation.removeWord": { path: { id: number }; answer: Record<string, never> };
  /** Lists the acts on the account of the caller that need attention, newest first; of the last 90 days. */
  "auth.alerts": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<SecurityAlert>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Writes the message that a wallet signs to prove itself, which is good once and for five minutes. `wallet` is another name of `address`. */
  "auth.challenge": {
    body: {
      address?: string;
      wallet?: string;
      chain_id?: number;
      namespace?: "eip155" | "solana";
      sign_type?: "personal_sign" | "siwe" | "eip712";
    };
    answer: {
      challenge_id: string;
      message: string;
      nonce: string;
      issued_at: string;
      expires_at: string;
      address: string;
      wallet: string;
      chain_id: number;
      signing_type: "personal_sign" | "eip712";
      typed_data?: TypedSignIn;
    };
  };
  /** Deletes the account of the caller permanently, with all its data. `password` is needed where the account has one. */
  "auth.deleteAccount": {
    body: {
      password?: string;
    };
    answer: Record<string, never>;
  };
  /** Returns the e-mail address of the caller, and whether it is verified. */
  "auth.email": {
    answer: {
      email: string;
      is_verified: boolean;
    };
  };
  /** Changes the e-mail address of the caller by the rules of a sign-up; an empty one removes it. A verified earlier one gets a link that undoes the change for seven days. */
  "auth.setEmail": {
    body: {
      email: "" | string;
    };
    answer: Record<string, never>;
  };
  /** Restores the earlier e-mail address with the link that was sent to it, and ends all sessions. */
  "auth.undoEmail": {
    body: {
      token: string;
    };
    answer: Record<string, never>;
  };
  /** Sends the link that verifies the address of the caller again; earlier links stop working. */
  "auth.sendVerification": { body: Record<string, never>; answer: Record<string, never> };
  /** Verifies an e-mail address with the link that was sent to it, which is valid once and for two days. */
  "auth.verifyEmail": {
    body: {
      token: string;
    };
    answer: Record<string, never>;
  };
  /** Lists the ways in which the caller can sign in. */
  "auth.factors": { answer: SignInFactors };
  /** Proves again who the caller is, for acts that need a fresh sign-in. */
  "auth.confirm": {
    body: {
      password?: string;
      code?: string;
      passkey?: {
        challenge_id: string;
        credential: PasskeyCredential;
      };
      challenge_id?: string;
      signature?: string;
    };
    answer: {
      until: string;
    };
  };
  /** Makes an invitation to sign up, whose code is shown this once. Moderators may, and everybody where users may invite; `skips_approval` is for moderators. */
  "auth.invite": {
    body: {
      uses?: number;
      expires_in_days?: number;
      email?: string;
      note?: string;
      skips_approval?: boolean;
    };
    answer: {
      id: number;
      note: string;
      email: string;
      uses: number;
      used: number;
      skips_approval: boolean;
      created_at: string;
      expires_at: string;
      code: string;
      url: string;
    };
  };
  /** Lists invitations that are open or were used, with the accounts that they made, the newest first: those of the caller, and all of them for moderators. */
  "auth.invitations": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Invitation>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Says whether one can sign up with a code, and by whom it was made. */
  "auth.checkInvitation": {
    body: {
      code: string;
    };
    answer: CheckedInvitation;
  };
  /** Ends an invitation of the caller, or any for moderators. The accounts that it made stay. */
  "auth.endInvitation": { path: { id: number }; answer: Record<string, never> };
  /** Signs in with a wallet that signed a challenge; one that nobody has makes an account, as far as people may sign up. With `purpose: link` it is linked to the account of the caller, after a fresh sign-in. */
  "auth.loginByWallet": {
    body: {
      challenge_id: string;
      signature: string;
      address?: string;
      wallet?: string;
      chain_id?: number;
      purpose?: "sign_in" | "link";
      invitation?: string;
      application?: string;
      work?: {
        puzzle: string;
        nonce: number;
      };
    };
    answer: WalletLogin;
  };
  /** The same as `POST /api/v1/users/logout`. */
  "auth.signOut": { body: Record<string, never>; answer: Record<string, never> };
  /** Begins to prove again who the caller is, at a provider that is linked to the account. The browser opens `url`, signs in there anew, and comes back to `next`. */
  "auth.confirmByProvider": {
    path: { id: string };
    body: {
      next?: string;
    };
    answer: {
      url: string;
      flow?: string;
    };
  };
  /** Begins to link a user of a provider to the account of the caller. The browser opens `url`, and comes back to `next`, with `#error=` and a code where it failed. */
  "auth.linkProvider": {
    path: { id: string };
    body: {
      next?: string;
    };
    answer: {
      url: string;
      flow?: string;
    };
  };
  /** Takes the user of a provider from the account of the caller, and the role that the provider gave it. */
  "auth.unlinkProvider": { path: { id: string }; answer: Record<string, never> };
  /** Adds a passkey that was made with creation options; returns recovery codes with the first second factor. */
  "auth.addPasskey": {
    body: {
      challenge_id: string;
      credential: NewPasskeyCredential;
      name: string;
    };
    answer: {
      id: number;
      name: string;
      created_at: string;
      used_at: string | null;
      synced: boolean;
      passwordless: boolean;
      rp_id: string;
      recovery_codes?: Array<string>;
    };
  };
  /** Signs in with a passkey that verified its user, without a name and a second step. */
  "auth.loginByPasskey": {
    body: {
      challenge_id: string;
      credential: PasskeyCredential;
    };
    answer: Session;
  };
  /** Returns the options by which a browser uses a passkey. They are the same for everybody, unless a `ticket` continues a sign-in: then they name the passkeys of its account. */
  "auth.passkeyOptions": {
    body: {
      ticket?: string;
    };
    answer: PasskeyRequestOptions;
  };
  /** Returns the options by which a browser makes a passkey; they do nothing yet. */
  "auth.beginPasskey": { body: Record<string, never>; answer: PasskeyCreationOptions };
  /** Changes the name of a passkey of the caller. */
  "auth.renamePasskey": {
    path: { id: number };
    body: {
      name: string;
    };
    answer: Passkey;
  };
  /** Removes a passkey of the caller, unless nothing else would open the account. */
  "auth.removePasskey": { path: { id: number }; answer: Record<string, never> };
  /** Changes the password of the caller and ends all other sessions. */
  "auth.changePassword": {
    body: {
      old_password: string;
      password: string;
    };
    answer: Record<string, never>;
  };
  /** Sends a link for a new password to a verified address; answers the same whether an account has the address or none. */
  "auth.forgotPassword": {
    body: {
      email: string;
    };
    answer: Record<string, never>;
  };
  /** Sets a new password with a reset link, which is valid once and for an hour; ends all sessions. */
  "auth.resetPassword": {
    body: {
      token: string;
      password: string;
    };
    answer: Record<string, never>;
  };
  /** Lists the ways in which people can sign in here. */
  "auth.providers": {
    answer: {
      list: Array<{
        id: string;
        name: string;
        icon_url: string;
      }>;
      password?: boolean;
      passkeys?: boolean;
      wallets?: Array<{
        chain_id: number;
        name: string;
      }>;
    };
  };
  /** Makes ten new recovery codes; the earlier ones end. */
  "auth.renewRecoveryCodes": {
    body: Record<string, never>;
    answer: {
      recovery_codes: Array<string>;
    };
  };
  /** Trades a refresh token for a new pair of tokens. A used one yields the same pair for 20 seconds; later it ends its session. */
  "auth.refresh": {
    body: {
      refresh_token: string;
    };
    answer: Session;
  };
  /** The same as `POST /api/v1/auth/password/reset`, for clients that were written before it. */
  "auth.reset": {
    body: {
      token: string;
      password: string;
    };
    answer: Record<string, never>;
  };
  /** Takes the second step of a sign-in, with the ticket of the first; five tries within five minutes. */
  "auth.secondFactor": {
    body: {
      ticket: string;
      code?: string;
      passkey?: {
        challenge_id: string;
        credential: PasskeyCredential;
      };
    };
    answer: Session;
  };
  /** Lists the open sessions of the caller, the last used first. */
  "auth.sessions": {
    answer: {
      list: Array<OpenSession>;
    };
  };
  /** Ends all other sessions of the caller. */
  "auth.endOthers": {
    answer: {
      count: number;
    };
  };
  /** Ends a session of the caller; takes effect within seconds. */
  "auth.endSession": { path: { id: string }; answer: Record<string, never> };
  /** Lists the personal tokens of the caller, the newest first. */
  "auth.personalTokens": {
    answer: {
      list: Array<PersonalToken>;
    };
  };
  /** Makes a personal token, which is shown this once. It ends after `expires_in_days` (90); null is for instances that allow tokens without end. */
  "auth.makeToken": {
    body: {
      name: string;
      scopes: Array<
        | "account:read"
        | "videos:read"
        | "videos:write"
        | "drive:read"
        | "drive:write"
        | "live:read"
        | "live:write"
        | "social:read"
        | "social:write"
        | "messages:read"
        | "messages:write"
        | "search:read"
        | "moderate"
        | "admin:read"
        | "cloudfiles"
        | "resumable"
        | "douyin"
      >;
      expires_in_days?: number | null;
    };
    answer: {
      id: string;
      name: string;
      scopes: Array<
        | "account:read"
        | "videos:read"
        | "videos:write"
        | "drive:read"
        | "drive:write"
        | "live:read"
        | "live:write"
        | "social:read"
        | "social:write"
        | "messages:read"
        | "messages:write"
        | "search:read"
        | "moderate"
        | "admin:read"
        | "cloudfiles"
        | "resumable"
        | "douyin"
      >;
      prefix: string;
      created_at: string;
      used_at: string | null;
      expires_at: string | null;
      token: string;
    };
  };
  /** Changes the name of a personal token of the caller. */
  "auth.renameToken": {
    path: { id: string };
    body: {
      name: string;
    };
    answer: PersonalToken;
  };
  /** Ends a personal token of the caller within ten seconds, with the sessions that it opened in compatible APIs. */
  "auth.endToken": { path: { id: string }; answer: Record<string, never> };
  /** Makes the secret for an authenticator app, which replaces one that was not confirmed; it does nothing yet. */
  "auth.addTotp": {
    body: Record<string, never>;
    answer: {
      secret: string;
      uri: string;
    };
  };
  /** Switches the authenticator app off. */
  "auth.removeTotp": { answer: Record<string, never> };
  /** Switches the authenticator app on with a code of it; returns recovery codes with the first second factor. */
  "auth.confirmTotp": {
    body: {
      code: string;
    };
    answer: {
      recovery_codes?: Array<string>;
    };
  };
  /** Describes the token of the caller: its account, its end, and what the account proved at its sign-in. */
  "auth.verify": {
    body: Record<string, never>;
    answer: {
      valid: true;
      user_id: number;
      username: string;
      expires_at: string;
      scopes: Array<string> | null;
      methods: Array<
        "password" | "totp" | "passkey" | "recovery_code" | "wallet" | "provider" | "link" | "registration"
      >;
      authenticated_at: string;
      wallet_address?: string;
    };
  };
  /** Lists the wallets that sign in to the account of the caller. */
  "auth.wallets": {
    answer: {
      list: Array<LinkedWallet>;
    };
  };
  /** Changes the name of a wallet of the caller, or whether others see its address. */
  "auth.changeWallet": {
    path: { id: number };
    body: {
      name?: string;
      is_public?: boolean;
    };
    answer: LinkedWallet;
  };
  /** Takes a wallet from the account of the caller. What it holds opens nothing for the account after ten seconds. */
  "auth.unlinkWallet": { path: { id: number }; answer: Record<string, never> };
  /** Returns a puzzle that a sign-up has to solve, once: the least `nonce` of 0 and above for which the SHA-256 of `puzzle:nonce` begins with `bits` zero bits. Null where there is none. */
  "auth.work": {
    answer: {
      puzzle: string | null;
      bits?: number;
      expires_at?: string;
    };
  };
  /** Deletes entries in all processes within two seconds: of one cache (`name`), of `keys` (`<cache>/<key>`), about subjects (`tags`, such as `video:7`), or `all`. Returns how many of them were named. */
  "cache.invalidate": {
    body: {
      name?: string;
      keys?: Array<string>;
      tags?: Array<string>;
      all?: boolean;
    };
    answer: {
      invalidated: number;
    };
  };
  /** Returns the caches of all processes: how long entries live, how many there are, and how often they answered. */
  "cache.policies": {
    answer: {
      list: Array<CachePolicy>;
    };
  };
  /** Changes how long entries of a cache live, in all processes within two seconds. Its older entries are deleted. Times beyond the bound of a cache that grants access are refused with the bound, `max`. */
  "cache.setPolicy": {
    path: { name: string };
    body: {
      ttl_seconds?: number;
      stale_seconds?: number;
    };
    answer: CachePolicy;
  };
  /** Returns what all caches hold together, and those of each process. */
  "cache.stats": {
    answer: {
      entries: number | null;
      bytes: number | null;
      hits: number;
      misses: number;
      hit_rate: number;
      processes: Array<{
        id: string;
        entries: number | null;
        bytes: number | null;
        hits: number;
        misses: number;
        hit_rate: number;
      }>;
    };
  };
  /** Lets each process look up entries of a cache ahead of time, those of `keys` or all that it can name, as a job. */
  "cache.warm": {
    body: {
      name: string;
      keys?: Array<string>;
    };
    answer: {
      job_id: number;
    };
  };
  /** Lists the chains that wallets sign in on and that gates ask, and whether each can be asked. */
  "auth.chains": {
    answer: {
      list: Array<ChainStatus>;
    };
  };
  /** One comment. */
  "interaction.comment": { path: { id: number }; answer: Comment };
  /** Changes the text of the caller's own comment within 5 minutes; new mentions notify nobody, and a text that needs a moderator is refused. */
  "interaction.editComment": {
    path: { id: number };
    body: {
      content: string;
    };
    answer: Comment;
  };
  /** Deletes a comment; at the top of a thread, its replies as well. */
  "interaction.unsay": { path: { id: number }; answer: Record<string, never> };
  /** Likes a comment; repeating changes nothing. */
  "interaction.likeComment": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Takes back a like of a comment. */
  "interaction.unlikeComment": {
    path: { id: number };
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Pins a comment to the top of the caller's video, in place of another. */
  "interaction.pin": { path: { id: number }; body: Record<string, never>; answer: Record<string, never> };
  /** Unpins a comment. */
  "interaction.unpin": { path: { id: number }; answer: Record<string, never> };
  /** The replies in the thread of a comment, oldest first. */
  "interaction.replies": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Comment>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The caller's conversations, latest first; `folder` selects message requests, or all others. */
  "message.conversations": {
    query: { folder?: "all" | "inbox" | "requests"; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Conversation>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** A conversation of the caller. */
  "message.conversation": { path: { id: number }; answer: Conversation };
  /** Removes a conversation for the caller; the other user keeps it, and it returns with a new message. */
  "message.removeConversation": { path: { id: number }; answer: Record<string, never> };
  /** Accepts a message request; a reply does the same. */
  "message.accept": { path: { id: number }; body: Record<string, never>; answer: Record<string, never> };
  /** The messages of a conversation, newest first. */
  "message.messages": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Message>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Marks a conversation as read; the other user gets a read receipt, unless it is a request. */
  "message.readConversation": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      unread_count: number;
    };
  };
  /** The caller's filters for danmaku. */
  "interaction.danmakuFilters": {
    answer: {
      words: Array<string>;
      user_ids: Array<number>;
      modes: Array<"scroll" | "top" | "bottom">;
      hidden_count: number;
    };
  };
  /** Changes the caller's filters for danmaku. */
  "interaction.setDanmakuFilters": {
    body: {
      words?: Array<string>;
      user_ids?: Array<number>;
      modes?: Array<"scroll" | "top" | "bottom">;
    };
    answer: {
      words: Array<string>;
      user_ids: Array<number>;
      modes: Array<"scroll" | "top" | "bottom">;
      hidden_count: number;
    };
  };
  /** Shows the danmaku of all hidden authors to the caller again. */
  "interaction.showAuthors": {
    answer: {
      words: Array<string>;
      user_ids: Array<number>;
      modes: Array<"scroll" | "top" | "bottom">;
      hidden_count: number;
    };
  };
  /** Deletes a danmaku by its author or by the owner of the video. */
  "interaction.unsayAt": { path: { id: number }; answer: Record<string, never> };
  /** Hides all danmaku of the author of this one from the caller, without disclosing the author; the caller's own are always shown. */
  "interaction.hideAuthor": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      words: Array<string>;
      user_ids: Array<number>;
      modes: Array<"scroll" | "top" | "bottom">;
      hidden_count: number;
    };
  };
  /** Shows the danmaku of the author of this one to the caller again. */
  "interaction.showAuthor": {
    path: { id: number };
    answer: {
      words: Array<string>;
      user_ids: Array<number>;
      modes: Array<"scroll" | "top" | "bottom">;
      hidden_count: number;
    };
  };
  /** Lists a folder, or the root: folders first, then files. */
  "drive.list": {
    query: {
      folder_id?: number;
      sort?: "name" | "date" | "size";
      order?: "asc" | "desc";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<DriveEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Copies files and folders into a folder without moving a byte; a folder's entries follow in the background. */
  "drive.copy": {
    body: {
      ids: Array<number>;
      folder_id?: number;
      conflict?: "rename" | "replace" | "skip" | "fail";
    };
    answer: {
      list: Array<DriveOutcome>;
    };
  };
  /** Creates a folder. */
  "drive.createFolder": {
    body: {
      name: string;
      folder_id?: number;
      conflict?: "rename" | "fail";
    };
    answer: DriveEntry;
  };
  /** Creates a file of the original of the caller's media object without moving a byte. */
  "drive.fromMedia": {
    body: {
      media_id: number;
      folder_id?: number;
    };
    answer: DriveEntry;
  };
  /** Moves files and folders into another folder, each by itself. */
  "drive.move": {
    body: {
      ids: Array<number>;
      folder_id?: number;
      conflict?: "rename" | "replace" | "skip" | "fail";
    };
    answer: {
      list: Array<DriveOutcome>;
    };
  };
  /** Creates a folder with its missing parents, such as `a/b/c`; returns the last. */
  "drive.makePath": {
    body: {
      path: string;
      folder_id?: number;
    };
    answer: DriveEntry;
  };
  /** Lists files, latest upload first. */
  "drive.recent": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<DriveEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Deletes files and folders permanently, in the trash or not. */
  "drive.remove": {
    body: {
      ids: Array<number>;
    };
    answer: {
      list: Array<DriveOutcome>;
    };
  };
  /** Restores entries of the trash to their folder, or to the root where it no longer exists; renamed where the name is taken. */
  "drive.restore": {
    body: {
      ids: Array<number>;
    };
    answer: {
      list: Array<DriveOutcome>;
    };
  };
  /** Searches files and folders by name, best match first. */
  "drive.search": {
    query: { q: string; limit?: number };
    answer: {
      list: Array<DriveEntry>;
    };
  };
  /** Lists the caller's shares, latest first; those of one file or folder where it is named. */
  "drive.shares": {
    query: { entry_id?: number; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<DriveShare>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Changes the terms of a share; terms that are not named stay. A new password ends all visits. */
  "drive.updateShare": {
    path: { id: number };
    body: {
      password?: string;
      expires_in?: number;
      downloads_max?: number;
    };
    answer: DriveShare;
  };
  /** Revokes a share, immediately. */
  "drive.unshare": { path: { id: number }; answer: Record<string, never> };
  /** Gives a share a new token; the old one and its visits end. */
  "drive.renewShare": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      share: DriveShare;
      token: string;
    };
  };
  /** Returns the progress of a folder's copy. */
  "drive.task": {
    path: { id: number };
    answer: {
      id: number;
      status: "queued" | "running" | "done" | "failed";
      progress: number;
      error: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Moves files and folders to the trash. */
  "drive.trash": {
    body: {
      ids: Array<number>;
    };
    answer: {
      list: Array<DriveOutcome>;
    };
  };
  /** Lists the trash, latest first. */
  "drive.trashed": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<DriveEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Empties the trash: deletes its entries permanently. */
  "drive.emptyTrash": { answer: Record<string, never> };
  /** Returns the number and size of files by kind, and the space that is left. */
  "drive.usage": {
    answer: {
      folders: number;
      kinds: Array<{
        kind: "folder" | "video" | "audio" | "image" | "other";
        files: number;
        size: number;
      }>;
      trash: {
        files: number;
        size: number;
      };
      used_bytes: number;
      reserved_bytes: number;
      quota_bytes: number;
      trash_kept: number;
    };
  };
  /** Creates an address where files and folders are downloaded as one archive. */
  "drive.zip": {
    body: {
      ids: Array<number>;
    };
    answer: {
      url: string;
      expires_at: string;
    };
  };
  /** Returns a file or folder, in the trash or not. */
  "drive.get": { path: { id: number }; answer: DriveEntry };
  /** Renames a file or folder. */
  "drive.rename": {
    path: { id: number };
    body: {
      name: string;
      conflict?: "rename" | "replace" | "skip" | "fail";
    };
    answer: DriveEntry;
  };
  /** Creates an address of a file's bytes that needs no token; it ends when it expires or the file is trashed. */
  "drive.link": {
    path: { id: number };
    body: {
      expires_in?: number;
      inline?: boolean;
    };
    answer: {
      url: string;
      expires_at: string;
    };
  };
  /** Lists the folders from the root to an entry, the entry last. */
  "drive.path": {
    path: { id: number };
    answer: {
      list: Array<DriveEntry>;
    };
  };
  /** Creates a media object of a video, sound or picture without moving a byte, to be published as any other. */
  "drive.publish": {
    path: { id: number };
    body: {
      title?: string;
    };
    answer: {
      media_id: number;
      title: string;
    };
  };
  /** Shares a file or folder by a link. Its token is returned here and never again. */
  "drive.share": {
    path: { id: number };
    body: {
      password?: string;
      expires_in?: number;
      downloads_max?: number;
    };
    answer: {
      share: DriveShare;
      token: string;
    };
  };
  /** Creates a folder for favourites. */
  "interaction.makeFolder": {
    body: {
      name: string;
      is_public?: boolean;
    };
    answer: FavoriteFolder;
  };
  /** Renames a folder of the caller or changes who sees it; omitted fields keep their value. */
  "interaction.changeFolder": {
    path: { id: number };
    body: {
      name?: string;
      is_public?: boolean;
    };
    answer: Record<string, never>;
  };
  /** Deletes a folder; the videos in it stay favourites. */
  "interaction.removeFolder": { path: { id: number }; answer: Record<string, never> };
  /** The terms that open a thing, and how the caller stands before each of them. */
  "interaction.gate": { path: { kind: "video" | "live" | "playlist" | "share"; id: number }; answer: GateView };
  /** The users who opened the caller's thing, by which terms and when, the latest first. */
  "interaction.gateAudit": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<GateOpening>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Pays the coins that open a thing; an account that has paid pays nothing again. */
  "interaction.buyGate": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    body: {
      price: number;
    };
    answer: {
      balance: number;
      until: string | null;
    };
  };
  /** As the gate itself, asked anew: also of chains, once in five seconds. */
  "interaction.checkGate": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    body: Record<string, never>;
    answer: GateView;
  };
  /** The people whom the caller invited to their thing, the latest first. */
  "interaction.gateInvited": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<UserBrief>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Invites people to the caller's thing, by id or user name, or makes a link that invites the accounts that use it. */
  "interaction.inviteToGate": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    body: {
      user_ids?: Array<number>;
      usernames?: Array<string>;
      link?: {
        uses?: number;
        expires_in_days?: number;
      };
    };
    answer: {
      added: number;
      link?: {
        code: string;
        uses: number;
        expires_at: string;
      };
    };
  };
  /** Uses an invitation link: the caller is invited from then on. */
  "interaction.redeemGateLink": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    body: {
      code: string;
    };
    answer: GateView;
  };
  /** Takes an invitation back; the thing closes for that person within seconds. */
  "interaction.uninvite": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number; user_id: number };
    answer: Record<string, never>;
  };
  /** Gives the coins back that the caller paid within 24 hours for a thing they have hardly watched. */
  "interaction.refundGate": {
    path: { kind: "video" | "live" | "playlist" | "share"; id: number };
    body: Record<string, never>;
    answer: {
      balance: number;
    };
  };
  /** Creates the hashtag of this name, or yields the existing one; the first spelling and description stay. */
  "hashtag.create": {
    body: {
      name: string;
      description?: string;
    };
    answer: Hashtag;
  };
  /** A hashtag by its name, whatever the case and width. */
  "hashtag.byName": { path: { name: string }; answer: Hashtag };
  /** Trending hashtags of public videos, the hottest first. */
  "hashtag.hot": {
    query: { limit?: number };
    answer: {
      list: Array<Hashtag>;
    };
  };
  /** As `GET /hashtags/hot`, each hashtag with the covers of up to three of its hottest videos. */
  "hashtag.trending": {
    query: { limit?: number };
    answer: {
      list: Array<TrendingHashtag>;
    };
  };
  /** A hashtag. */
  "hashtag.get": { path: { id: number }; answer: Hashtag };
  /** The public videos of a hashtag, the newest or the hottest first. */
  "hashtag.videos": {
    path: { id: number };
    query: { sort?: "new" | "hot"; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<TaggedVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The caller's watch history, latest first. */
  "interaction.history": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<WatchedVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Clears the caller's watch history. */
  "interaction.clearHistory": { answer: Record<string, never> };
  /** Whether the caller's watch history is on. */
  "interaction.historySettings": {
    answer: {
      is_kept: boolean;
    };
  };
  /** Switches the caller's watch history on or off; its videos stay until it is cleared. */
  "interaction.setHistory": {
    body: {
      is_kept: boolean;
    };
    answer: {
      is_kept: boolean;
    };
  };
  /** Removes a video from the caller's watch history. */
  "interaction.forgetWatched": { path: { id: number }; answer: Record<string, never> };
  /** Returns the public properties of this instance; `version` for administrators alone. */
  "instance.get": { answer: Instance };
  /** Adds the demo content: drawn clips of several users, with comments and views. Does nothing where there was any before. */
  "auth.addDemo": { body: Record<string, never>; answer: Record<string, never> };
  /** Removes the demo content: its users with all their data. */
  "auth.removeDemo": { answer: Record<string, never> };
  /** Creates the first administrator, with the one-time link printed at start. */
  "auth.claim": {
    body: {
      token: string;
      username: string;
      password: string;
      demo?: boolean;
    };
    answer: Session;
  };
  /** Creates a live room; the answer has the stream key, which is not shown again. */
  "live.create": {
    body: {
      title: string;
      description?: string;
      cover?: string;
      category_id?: number | null;
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      password?: string;
      is_private?: boolean;
      scheduled_at?: string | null;
      keeps_recording?: boolean;
      notifies_followers?: boolean;
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
    };
    answer: Live;
  };
  /** Public live rooms: those that are live, or those of one status; the newest or the most watched first. */
  "live.list": {
    query: {
      status?: "waiting" | "live" | "paused" | "ended";
      sort?: "latest" | "viewers";
      category_id?: number;
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<Live>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The gifts there are, the least expensive first. */
  "live.gifts": {
    answer: {
      list: Array<Gift>;
    };
  };
  /** A live room that the caller may see. */
  "live.get": { path: { id: number }; answer: Live };
  /** Changes a live room of the caller; omitted fields keep their value. */
  "live.update": {
    path: { id: number };
    body: {
      title?: string;
      description?: string;
      cover?: string;
      category_id?: number | null;
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      password?: string;
      is_private?: boolean;
      scheduled_at?: string | null;
      keeps_recording?: boolean;
      notifies_followers?: boolean;
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
    };
    answer: Live;
  };
  /** Deletes a live room of the caller; one that is live ends first. Its recording stays. */
  "live.remove": { path: { id: number }; answer: Record<string, never> };
  /** An account leaves a room, and may neither watch it nor come back. */
  "live.banFromRoom": {
    path: { id: number; user_id: number };
    body: Record<string, never>;
    answer: Record<string, never>;
  };
  /** Ends the ban of an account from a room. */
  "live.unbanFromRoom": { path: { id: number; user_id: number }; answer: Record<string, never> };
  /** How the chat of a room is moderated; its keywords are for the owner and moderators alone. */
  "live.chat": { path: { id: number }; answer: LiveChatSettings };
  /** Changes how the chat of a room is moderated; omitted fields keep their value. */
  "live.setChat": {
    path: { id: number };
    body: {
      is_open?: boolean;
      slow_mode?: number;
      followers_only?: boolean;
      hold_links?: boolean;
      keywords?: Array<{
        pattern: string;
        action: "hold" | "refuse";
      }>;
    };
    answer: LiveChatSettings;
  };
  /** Makes a video of the last seconds of a live room of the caller, rounded to whole segments: a draft that plays immediately. */
  "live.createClip": {
    path: { id: number };
    body: {
      seconds?: number;
      title?: string;
    };
    answer: Video;
  };
  /** The clips of a live room of the caller, the newest first. */
  "live.clips": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<LiveClip>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Ends a live room of the caller. */
  "live.end": { path: { id: number }; body: Record<string, never>; answer: Live };
  /** The fan club of the owner of a live room. */
  "live.fanClub": { path: { id: number }; answer: FanClub };
  /** Joins the fan club of the owner of a live room. Gifts to them are experience from then on. */
  "live.joinFanClub": { path: { id: number }; body: Record<string, never>; answer: FanClubMember };
  /** Leaves the fan club; those who join again have the experience that they had. */
  "live.leaveFanClub": { path: { id: number }; answer: FanClubMember };
  /** Gives the owner of a live room a gift; coins for gifts alone are spent first. Words that may not be written in the room are left out, and the gift is given. With an `Idempotency-Key` it is paid once, however often it is sent. */
  "live.sendGift": {
    path: { id: number };
    body: {
      gift_id: number;
      quantity?: number;
      message?: string;
      is_anonymous?: boolean;
    };
    answer: GiftRecord;
  };
  /** The gifts of a live room, the newest first. */
  "live.giftRecords": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<GiftRecord>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The guests of a live room: those whose streams are shown beside the one of its owner. */
  "live.guests": {
    path: { id: number };
    answer: {
      list: Array<LiveGuest>;
    };
  };
  /** Invites an account to be a guest of a live room of the caller; it accepts by publishing. */
  "live.inviteGuest": {
    path: { id: number };
    body: {
      user_id: number;
    };
    answer: LiveGuest;
  };
  /** Removes a guest from a live room of the caller, or the caller from one: an invitation is declined by it. */
  "live.removeGuest": { path: { id: number; user_id: number }; answer: Record<string, never> };
  /** How the stream of a live room of the caller comes in, with what is wrong with it. */
  "live.health": { path: { id: number }; answer: StreamHealth };
  /** Messages that wait for the owner or a moderator of the room, the newest first. */
  "live.held": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<HeldLiveMessage>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Sends a held message to the room. */
  "live.allowHeld": {
    path: { id: number; held_id: number };
    body: Record<string, never>;
    answer: Record<string, never>;
  };
  /** Drops a held message. */
  "live.hideHeld": { path: { id: number; held_id: number }; answer: Record<string, never> };
  /** Enters a room that is live: where it is played, and a socket address that opens once within 30 seconds. */
  "live.join": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      live: Live;
      online_count: number;
      ws_url: string;
      play_url: string;
      hls_url: string;
      flv_url: string;
      webrtc_url: string;
    };
  };
  /** Leaves a room that was entered by `join`. */
  "live.leave": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      online_count: number;
    };
  };
  /** Writes in the chat of a room that is live, as `chat` on its socket does. */
  "live.say": {
    path: { id: number };
    body: {
      content: string;
    };
    answer: {
      message: LiveMessage | null;
      is_held: boolean;
    };
  };
  /** What was said and happened in a room, the newest first. */
  "live.messages": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<LiveMessage>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Deletes a message for everybody: one of the caller, or as the owner or a moderator of the room. A gift stays without its words. */
  "live.deleteMessage": { path: { id: number; seq: number }; answer: Record<string, never> };
  /** The moderators of a room. */
  "live.roomModerators": {
    path: { id: number };
    answer: {
      list: Array<LiveModerator>;
    };
  };
  /** Makes an account a moderator of a room of the caller. */
  "live.addModerator": {
    path: { id: number; user_id: number };
    body: Record<string, never>;
    answer: Record<string, never>;
  };
  /** Takes the role of a moderator in a room of the caller back. */
  "live.removeModerator": { path: { id: number; user_id: number }; answer: Record<string, never> };
  /** An account may not write in a room for so many minutes. */
  "live.muteInRoom": {
    path: { id: number; user_id: number };
    body: {
      minutes?: number;
    };
    answer: Record<string, never>;
  };
  /** Ends the mute of an account in a room. */
  "live.unmuteInRoom": { path: { id: number; user_id: number }; answer: Record<string, never> };
  /** The orders of a live room of the caller, the newest first. */
  "live.orders": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Order>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The message that stays above the chat, or null. */
  "live.pinned": {
    path: { id: number };
    answer: {
      message: LiveMessage | null;
    };
  };
  /** Keeps one message above the chat, in place of the one before. */
  "live.pin": {
    path: { id: number };
    body: {
      seq: number;
    };
    answer: Record<string, never>;
  };
  /** Takes the message above the chat away. */
  "live.unpin": { path: { id: number }; answer: Record<string, never> };
  /** The addresses of a live room for the caller; those of a room that is not open to all end with the token. */
  "live.playbackAddress": { path: { id: number }; answer: LivePlayback };
  /** The products of a live room, the newest first; those that are off are listed for the owner alone. */
  "live.products": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Product>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Adds a product to a live room of the caller. */
  "live.addProduct": {
    path: { id: number };
    body: {
      name: string;
      description?: string;
      cover?: string;
      price: number;
      sale_price?: number;
      stock: number;
      status?: "on" | "off";
    };
    answer: Product;
  };
  /** Changes a product; omitted fields keep their value. */
  "live.updateProduct": {
    path: { id: number; pid: number };
    body: {
      name?: string;
      description?: string;
      cover?: string;
      price?: number;
      sale_price?: number;
      stock?: number;
      status?: "on" | "off";
    };
    answer: Product;
  };
  /** Removes a product and its reservations; its orders stay. */
  "live.removeProduct": { path: { id: number; pid: number }; answer: Record<string, never> };
  /** Pins a product in its room, in place of the one that is pinned. */
  "live.pinProduct": { path: { id: number; pid: number }; body: Record<string, never>; answer: Product };
  /** Unpins a product. */
  "live.unpinProduct": { path: { id: number; pid: number }; answer: Product };
  /** Reserves some of a product for two minutes, in place of what the caller had reserved of it: two thirds of the stock at most, five times in half an hour. Nothing is paid by it. */
  "live.reserveProduct": {
    path: { id: number; pid: number };
    body: {
      quantity?: number;
    };
    answer: Reservation;
  };
  /** Cancels a reservation; what it kept is free for others. */
  "live.cancelReservation": { path: { id: number; pid: number; rid: number }; answer: Reservation };
  /** Makes a reservation an order that the host sees. No payment is taken. */
  "live.confirmReservation": {
    path: { id: number; pid: number; rid: number };
    body: Record<string, never>;
    answer: Reservation;
  };
  /** Those who gave most in a live room. */
  "live.givers": {
    path: { id: number };
    query: { limit?: number };
    answer: {
      list: Array<Giver>;
    };
  };
  /** The accounts that may not write in a room, or not watch it. */
  "live.restrictions": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<LiveRestriction>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Opens a live room of the caller to its viewers. */
  "live.start": { path: { id: number }; body: Record<string, never>; answer: Live };
  /** Replaces the stream key; the former one is refused from then on, and a publisher that uses it is disconnected. */
  "live.resetKey": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      stream_key: string;
      push_url: string;
    };
  };
  /** Exchanges the password of a live room for a token that is sent as `X-Kinora-Unlock`. */
  "live.unlock": {
    path: { id: number };
    body: {
      password: string;
    };
    answer: {
      unlock: string;
      expires_at: string;
    };
  };
  /** How many watched a live room of the caller at each minute of the last day that it was live. */
  "live.viewers": {
    path: { id: number };
    answer: {
      list: Array<LiveViewerCount>;
    };
  };
  /** Uploads a video, sound or picture as a multipart form with the file in `file`. */
  "media.upload": {
    query: { purpose?: "video" | "avatar" | "cover" | "background" | "picture"; name?: string };
    body: Blob | Uint8Array<ArrayBuffer>;
    answer: Media;
  };
  /** Returns a media object of the caller. */
  "media.get": { path: { id: number }; answer: Media };
  /** Adds captions in a language to a video or sound of the caller; replaces those it had in that language. */
  "media.addCaptions": {
    path: { id: number };
    body: {
      language: string;
      label?: string;
      text: string;
    };
    answer: AddedCaptions;
  };
  /** Lists the captions of a media object of the caller, by language. */
  "media.captions": {
    path: { id: number };
    answer: {
      list: Array<Captions>;
    };
  };
  /** Adds captions as `POST …/captions` does, from a file as it is: UTF-8, UTF-16, or an encoding in which the language is written. */
  "media.addCaptionFile": {
    path: { id: number };
    query: {
      language?: string;
      label?: string;
      encoding?:
        | "windows-1252"
        | "windows-1250"
        | "windows-1254"
        | "windows-1257"
        | "windows-1258"
        | "windows-1251"
        | "koi8-r"
        | "windows-1253"
        | "windows-1255"
        | "windows-1256"
        | "windows-874"
        | "shift_jis"
        | "euc-jp"
        | "euc-kr"
        | "gb18030"
        | "big5";
      name?: string;
    };
    body: Blob | Uint8Array<ArrayBuffer>;
    answer: AddedCaptions;
  };
  /** Removes captions from a media object of the caller. */
  "media.removeCaptions": { path: { id: number; captions: number }; answer: Record<string, never> };
  /** Requests renditions of a media object; returns the running task where there is one. */
  "media.transcode": {
    path: { id: number };
    body: {
      profiles?: Array<string>;
    };
    answer: TranscodeTask;
  };
  /** Returns the latest transcoding task of a media object of the caller. */
  "media.task": { path: { id: number }; answer: TranscodeTask };
  /** Sends a message: text, or a picture, video or voice of the caller with or without text. */
  "message.send": {
    body: {
      receiver_id: number;
      content?: string;
      type?: number;
      media_url?: string;
      video_id?: number;
    };
    answer: Message;
  };
  /** A message the caller sent or received. */
  "message.get": { path: { id: number }; answer: Message };
  /** Appeals against a decision about the caller. */
  "moderation.appeal": {
    body: {
      case_id: number;
      text: string;
    };
    answer: Record<string, never>;
  };
  /** Lists open appeals, oldest first, or answered ones. */
  "moderation.appeals": {
    query: { state?: "open" | "accepted" | "refused"; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<AppealedCase>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Answers the appeal against a case's decision; accepting it undoes the decision. */
  "moderation.answerAppeal": {
    path: { id: number };
    body: {
      accept: boolean;
      answer?: string;
    };
    answer: Record<string, never>;
  };
  /** Counts what waits for a moderator, by the tabs of the queue. `mine` are those among the open and held cases that the caller has claimed. */
  "moderation.counts": { answer: ModerationCounts };
  /** Lists moderators' decisions about the caller and their content, latest first. */
  "moderation.decisions": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Decision>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Decides about content or a user without a report; open reports of it are decided with it. */
  "moderation.decide": {
    body: {
      kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
      id: number;
      action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban";
      note?: string;
      rule?: string;
      until?: string;
    };
    answer: ModerationCase;
  };
  /** Removes an internal note: its author can, and administrators. */
  "moderation.removeNote": { path: { id: number }; answer: Record<string, never> };
  /** Lists open or decided cases: oldest first, latest first, or the most reported. */
  "moderation.queue": {
    query: {
      state?: "open" | "decided";
      kind?: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
      held?: boolean;
      mine?: boolean;
      sort?: "oldest" | "latest" | "most";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<ModerationCase>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Returns a case. */
  "moderation.oneCase": { path: { id: number }; answer: ModerationCase };
  /** Claims an open case, so that other moderators see who works on it; `take_over` takes it from another moderator. */
  "moderation.claim": {
    path: { id: number };
    body: {
      take_over?: boolean;
    };
    answer: ModerationCase;
  };
  /** Releases a case: the moderator who claimed it can, and administrators. */
  "moderation.release": { path: { id: number }; answer: ModerationCase };
  /** Lists the other cases of the author of a case, latest first; where the author is unknown, those of the same content. */
  "moderation.history": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<ModerationCase>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Lists the internal notes of a case, latest first. Only moderators and administrators read them. */
  "moderation.notes": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<CaseNote>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Adds an internal note to a case. */
  "moderation.addNote": {
    path: { id: number };
    body: {
      text: string;
    };
    answer: CaseNote;
  };
  /** Lists the reports of a case, with reporter, reason and text. */
  "moderation.caseReports": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<CaseReport>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Decides a case; held content is published by `dismiss` and `warn`, and removed by the other actions. */
  "moderation.resolve": {
    path: { id: number };
    body: {
      action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban";
      note?: string;
      rule?: string;
      until?: string;
    };
    answer: ModerationCase;
  };
  /** Undoes a decision: a dismissed case is open again, removed content and banned users come back. */
  "moderation.undo": { path: { id: number }; body: Record<string, never>; answer: ModerationCase };
  /** Lists the measures in force against a user, and since when everything of the user is taken back. */
  "moderation.standing": {
    path: { id: number };
    answer: {
      list: Array<{
        kind: "mute" | "bar";
        until: string | null;
        reason: string;
        case_id: number;
      }>;
      swept_at?: string | null;
    };
  };
  /** Takes back everything that a user did: removes videos, comments, danmaku, playlists, live rooms and messages, ends likes and follows, and withdraws open reports. */
  "moderation.sweep": {
    path: { id: number };
    body: {
      note?: string;
    };
    answer: Record<string, never>;
  };
  /** Brings back what was removed with a sweep. Likes, follows and reports do not come back. */
  "moderation.undoSweep": { path: { id: number }; body: Record<string, never>; answer: Record<string, never> };
  /** Returns whether all is well: the processes, what they stand on, and which processes appeared and disappeared last. A process that has not reported for three minutes is `away`. */
  "monitor.health": { answer: Health };
  /** Returns series of metrics: by minutes for the last 7 days, by hours for 90. A point is the time in seconds since 1970 and a value: of counters the growth within `step` seconds, of gauges the mean, of durations the mean in seconds. */
  "monitor.metrics": {
    query: { name: Array<string>; service?: string; from?: string; to?: string; step?: number };
    answer: {
      list: Array<{
        name: string;
        labels: {
          service?: string;
          consumer?: string;
          status?: string;
          result?: string;
          state?: string;
          process?: string;
        };
        points: Array<Array<number>>;
      }>;
    };
  };
  /** Says whether the wallets of the caller hold a token, as `POST /api/v1/nft/verify` does. */
  "auth.holding": {
    query: { chain_id: number; contract: string; standard?: "erc721" | "erc1155" | "erc20" | "spl"; min?: string };
    answer: TokenHolding;
  };
  /** Says whether a wallet, or without `address` any wallet of the caller, holds a token; 30 times a minute. Answers are at most a minute old. */
  "auth.verifyHolding": {
    body: {
      address?: string;
      wallet?: string;
      owner_address?: string;
      chain_id: number;
      contract?: string;
      contract_address?: string;
      standard?: "erc721" | "erc1155" | "erc20" | "spl";
      token_id?: string;
      min?: string;
    };
    answer: TokenHolding;
  };
  /** Says whether the wallets of the caller hold one token of a collection. */
  "auth.tokenHolding": {
    path: { token_id: string };
    query: { chain_id: number; contract: string; standard?: "erc721" | "erc1155" | "erc20" | "spl"; min?: string };
    answer: TokenHolding;
  };
  /** The caller's notifications, latest first; `merged` merges those about one subject within a day. */
  "message.notifications": {
    query: { type?: number; unread?: boolean; merged?: boolean; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Notification>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
      unread_count?: number;
    };
  };
  /** Marks all notifications as read; yields how many were new. */
  "message.readAll": {
    body: Record<string, never>;
    answer: {
      count: number;
    };
  };
  /** Which kinds of notification the caller gets. */
  "message.settings": { answer: NotificationSettings };
  /** Changes which kinds of notification the caller gets; omitted kinds keep their setting. */
  "message.setSettings": {
    body: {
      like?: boolean;
      comment?: boolean;
      reply?: boolean;
      mention?: boolean;
      comment_like?: boolean;
      follow?: boolean;
      published?: boolean;
      live?: boolean;
      mail?: {
        like?: boolean;
        comment?: boolean;
        reply?: boolean;
        mention?: boolean;
        comment_like?: boolean;
        follow?: boolean;
        published?: boolean;
        account?: boolean;
      };
      push?: {
        like?: boolean;
        comment?: boolean;
        reply?: boolean;
        mention?: boolean;
        comment_like?: boolean;
        follow?: boolean;
        published?: boolean;
        live?: boolean;
        account?: boolean;
        message?: boolean;
      };
    };
    answer: NotificationSettings;
  };
  /** Marks a notification as read; with `merged` all that it stands for. */
  "message.readNotification": {
    path: { id: number };
    body: {
      merged?: boolean;
    };
    answer: Notification;
  };
  /** Creates an empty playlist. */
  "video.createPlaylist": {
    body: {
      title: string;
      description?: string;
      visibility?: "public" | "unlisted" | "private" | "gated";
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
    };
    answer: Playlist;
  };
  /** A playlist that the caller may see. */
  "video.playlist": { path: { id: number }; answer: Playlist };
  /** Changes the caller's own playlist; fields that are left out stay. */
  "video.updatePlaylist": {
    path: { id: number };
    body: {
      title?: string;
      description?: string;
      visibility?: "public" | "unlisted" | "private" | "gated";
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
    };
    answer: Playlist;
  };
  /** Deletes the caller's own playlist; the videos stay. */
  "video.removePlaylist": { path: { id: number }; answer: Record<string, never> };
  /** The videos of a playlist in its order, without those hidden from the caller. */
  "video.playlistItems": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Video>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Adds a video at the end; one that is in it stays where it is. */
  "video.addToPlaylist": {
    path: { id: number };
    body: {
      video_id: number;
    };
    answer: {
      added: boolean;
    };
  };
  /** Removes a video from the caller's own playlist. */
  "video.removeFromPlaylist": { path: { id: number; video: number }; answer: Record<string, never> };
  /** Puts a video behind another one of the playlist, or first where none is named. */
  "video.moveInPlaylist": {
    path: { id: number; video: number };
    body: {
      after_id?: number;
    };
    answer: Record<string, never>;
  };
  /** Exchanges the password of a playlist's gate for a token that is sent as `X-Kinora-Unlock`. */
  "video.unlockPlaylist": {
    path: { id: number };
    body: {
      password: string;
    };
    answer: {
      unlock: string;
      expires_at: string;
    };
  };
  /** The key that a browser's push subscription is made with (VAPID, RFC 8292). */
  "message.pushKey": {
    answer: {
      public_key: string;
    };
  };
  /** Sends push messages to a device of the caller while the session lasts: its subscription, as the browser gives it. */
  "message.subscribe": {
    body: {
      endpoint: string;
      keys: {
        p256dh: string;
        auth: string;
      };
    };
    answer: Record<string, never>;
  };
  /** Ends push messages to a device of the caller. */
  "message.unsubscribe": { query: { endpoint: string }; answer: Record<string, never> };
  /** Videos to watch next: for users what viewers of the same videos watched, then the latest with hot ones among them. The cursor is opaque; a feed that is read to its end repeats no video. */
  "recommend.feed": {
    query: { cursor?: string; limit?: number };
    answer: {
      list: Array<FeedVideo>;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Videos of the authors whom the caller follows, the latest published first, those for followers among them. */
  "recommend.following": {
    query: { cursor?: string; limit?: number };
    answer: {
      list: Array<FeedVideo>;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The accounts the caller follows, those that published last first, with the time of their latest video. */
  "recommend.followedAuthors": {
    query: { limit?: number };
    answer: {
      list: Array<FollowedAuthor>;
    };
  };
  /** The public videos, the highest hot score first. The cursor is opaque; no video is repeated. */
  "recommend.hot": {
    query: { cursor?: string; limit?: number };
    answer: {
      list: Array<FeedVideo>;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** What the caller seems to like by what they watched, the strongest first: tags, authors and lengths. */
  "recommend.interests": {
    query: { limit?: number };
    answer: {
      list: Array<Interest>;
    };
  };
  /** Removes an interest of the caller, so that only what is watched from now on counts for it, or takes that back. */
  "recommend.setInterest": {
    body: {
      kind: "tag" | "author" | "length";
      name: string;
      is_removed: boolean;
    };
    answer: Record<string, never>;
  };
  /** Leaves all videos with a tag or all of an account out of the caller's lists and feeds. */
  "recommend.mute": {
    body: {
      kind: "tag" | "author";
      name: string;
    };
    answer: Record<string, never>;
  };
  /** The tags and accounts that are left out of the caller's lists and feeds, the latest first. */
  "recommend.mutes": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Muted>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Has videos with a tag or of an account in the caller's lists and feeds again. */
  "recommend.unmute": { query: { kind: "tag" | "author"; name: string }; answer: Record<string, never> };
  /** The beginning of a new feed, without the videos that feeds served to the caller within the last half hour. */
  "recommend.refresh": {
    body: {
      limit?: number;
    };
    answer: {
      list: Array<FeedVideo>;
    };
  };
  /** Forgets what the caller watched and chose, so that the feed begins anew; the watch history and what is muted stay. */
  "recommend.reset": { body: Record<string, never>; answer: Record<string, never> };
  /** Whether the caller's feed is personal, and how much of what it has. */
  "recommend.feedSettings": { answer: FeedSettings };
  /** Changes the caller's feed from the next page on; what is left out stays as it is. */
  "recommend.setFeedSettings": {
    body: {
      is_personal?: boolean;
      fresh?: number;
      following?: number;
      popular?: number;
      similar?: number;
    };
    answer: FeedSettings;
  };
  /** What the caller's feed is made of: what they did with each video, the latest first. */
  "recommend.signals": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<WatchSignal>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Reports something to the moderators; again while it is open changes nothing. The answer does not reveal whether it exists. */
  "moderation.report": {
    body: {
      kind: "video" | "comment" | "danmaku" | "user" | "message" | "playlist" | "live";
      id: number;
      reason:
        | "spam"
        | "harassment"
        | "hate"
        | "violence"
        | "sexual"
        | "child_safety"
        | "self_harm"
        | "misinformation"
        | "copyright"
        | "privacy"
        | "impersonation"
        | "other";
      text?: string;
    };
    answer: Report;
  };
  /** Lists the caller's reports, latest first, with their outcomes. */
  "moderation.reports": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Report>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Registers a runner by a registration token. The runner's own token is in this answer alone. */
  "transcoder.registerRunner": {
    body: {
      registration_token: string;
      name: string;
      description?: string;
      version: string;
      protocol: number;
      address?: string;
    };
    answer: {
      id: number;
      runner_token: string;
    };
  };
  /** Gives the runner the next job that it may take, under a lease. */
  "transcoder.requestRunnerJob": {
    body: {
      runner_token: string;
      kinds: Array<"first" | "quick" | "ladder" | "extras">;
      version: string;
      protocol: number;
      address?: string;
    };
    answer: {
      job: {
        id: number;
        kind: "first" | "quick" | "ladder" | "extras";
        attempt: number;
        attempts_max: number;
        fence: number;
        trace_id: string;
        created_at: string;
        lease: number;
        task: string;
        facts: string;
      } | null;
      wait: number;
    };
  };
  /** Reports that a try of a job failed. */
  "transcoder.failRunnerJob": {
    path: { id: number };
    body: {
      runner_token: string;
      fence: number;
      code: string;
      message: string;
    };
    answer: Record<string, never>;
  };
  /** Prolongs the lease of a job; false where it was cancelled or went to another worker. */
  "transcoder.renewRunnerJob": {
    path: { id: number };
    body: {
      runner_token: string;
      fence: number;
      progress: number;
    };
    answer: {
      is_held: boolean;
    };
  };
  /** Gives a job back for later; the try does not count. */
  "transcoder.putOffRunnerJob": {
    path: { id: number };
    body: {
      runner_token: string;
      fence: number;
      delay: number;
      reason: string;
    };
    answer: Record<string, never>;
  };
  /** Commits results of a job, all or none, while the runner holds it; the last ones end it. */
  "transcoder.reportRunnerJob": {
    path: { id: number };
    body: {
      runner_token: string;
      fence: number;
      number: number;
      is_last: boolean;
      events: Array<{
        type: string;
        payload: string;
      }>;
      tasks: Array<{
        kind: "first" | "quick" | "ladder" | "extras";
        payload: string;
      }>;
    };
    answer: Record<string, never>;
  };
  /** Removes the runner that asks. */
  "transcoder.unregisterRunner": {
    body: {
      runner_token: string;
    };
    answer: Record<string, never>;
  };
  /** Videos, users, hashtags and rooms that are live, which match a search term; the best first. */
  "search.all": {
    query: { q?: string; keyword?: string; page?: number; page_size?: number };
    answer: {
      videos: {
        list: Array<FoundVideo>;
        total?: number;
        total_capped?: boolean;
        page: number;
        page_size: number;
        next_cursor: string | null;
        has_more: boolean;
      };
      users: {
        list: Array<FoundUser>;
        total?: number;
        total_capped?: boolean;
        page: number;
        page_size: number;
        next_cursor: string | null;
        has_more: boolean;
      };
      hashtags: {
        list: Array<FoundHashtag>;
        total?: number;
        total_capped?: boolean;
        page: number;
        page_size: number;
        next_cursor: string | null;
        has_more: boolean;
      };
      lives: {
        list: Array<FoundLive>;
        total?: number;
        total_capped?: boolean;
        page: number;
        page_size: number;
        next_cursor: string | null;
        has_more: boolean;
      };
      did_you_mean: string | null;
    };
  };
  /** The caller's own files and folders by any part of their names: the best or the newest first. Those in the trash are not found. The search enters neither the history nor trending searches. */
  "search.files": {
    query: {
      q?: string;
      keyword?: string;
      sort?: "relevance" | "new";
      kind?: "folder" | "video" | "audio" | "image" | "other";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<FoundFile>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Hashtags by name: the best or the newest first. */
  "search.hashtags": {
    query: {
      q?: string;
      keyword?: string;
      sort?: "relevance" | "new";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<FoundHashtag>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The caller's recent searches, latest first, each once. */
  "search.history": {
    query: { limit?: number };
    answer: {
      list: Array<{
        keyword: string;
        created_at: string;
      }>;
    };
  };
  /** Clears the caller's search history. */
  "search.clearHistory": { answer: Record<string, never> };
  /** Whether the caller's search history is on. */
  "search.historySettings": {
    answer: {
      is_kept: boolean;
    };
  };
  /** Switches the caller's search history on or off; its searches stay until it is cleared. */
  "search.setHistory": {
    body: {
      is_kept: boolean;
    };
    answer: {
      is_kept: boolean;
    };
  };
  /** Removes one search from the caller's history. */
  "search.forgetSearch": { path: { keyword: string }; answer: Record<string, never> };
  /** Trending searches of several sources: each counts once an hour, and half as much a day later. */
  "search.hot": {
    query: { limit?: number };
    answer: {
      list: Array<{
        keyword: string;
        score: number;
        rank: number;
      }>;
    };
  };
  /** Public rooms that are live, by title, description and owner: the best or the newest first. */
  "search.lives": {
    query: {
      q?: string;
      keyword?: string;
      sort?: "relevance" | "new";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<FoundLive>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Suggestions for a typed prefix: the caller's own searches, trending searches, hashtags and users. */
  "search.suggestions": {
    query: { q?: string; keyword?: string; limit?: number };
    answer: {
      list: Array<string>;
    };
  };
  /** Users by any part of their user name or nickname: the best or the newest first. */
  "search.users": {
    query: {
      q?: string;
      keyword?: string;
      sort?: "relevance" | "new";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<FoundUser>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Videos by title, description, tags, hashtags, captions and author: the best, the newest or the most watched first. CJK text matches by any two adjacent characters, other words whole, by their stem, or with a typing error; the last one also by its beginning. Quotes mark a phrase. `period` leaves out those that were published longer ago. */
  "search.videos": {
    query: {
      q?: string;
      keyword?: string;
      sort?: "relevance" | "new" | "hot";
      period?: "day" | "week" | "month" | "year";
      min_duration?: number;
      max_duration?: number;
      shape?: "wide" | "upright";
      tag?: string;
      captions?: string;
      author?: number;
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<FoundVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
      did_you_mean?: string | null;
    };
  };
  /** Lists a shared folder. */
  "drive.sharedEntries": {
    query: {
      ticket: string;
      folder_id?: number;
      sort?: "name" | "date" | "size";
      order?: "asc" | "desc";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<SharedEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Opens a share: the ticket is valid for an hour, unless the share is revoked. */
  "drive.openShare": {
    body: {
      token: string;
      password?: string;
    };
    answer: {
      ticket: string;
      expires_at: string;
      entry: SharedEntry;
      downloads_left: number | null;
    };
  };
  /** Creates an address where a shared entry, or parts of it, is downloaded as one archive. */
  "drive.zipShared": {
    body: {
      ticket: string;
      ids?: Array<number>;
    };
    answer: {
      url: string;
      expires_at: string;
    };
  };
  /** The same for one's own media object. */
  "streaming.mediaAddress": {
    path: { id: number };
    answer: {
      hls_url: string;
      dash_url: string;
      expires_at: string | null;
    };
  };
  /** Where a video one may see plays from now; players ask again before the token in it ends. */
  "streaming.address": {
    path: { id: number };
    answer: {
      hls_url: string;
      dash_url: string;
      expires_at: string | null;
    };
  };
  /** Cancels a transcoding task that waits or runs; renditions that are ready stay. */
  "media.cancel": { path: { id: number }; body: Record<string, never>; answer: TranscodeTask };
  /** Lists the profiles a caller may request, and which of them every video gets. */
  "media.profiles": {
    answer: {
      list: Array<{
        profile: string;
        short_side: number;
        bitrate_max: number;
        is_usual: boolean;
      }>;
    };
  };
  /** Returns a transcoding task of the caller. */
  "media.status": { path: { id: number }; answer: TranscodeTask };
  /** Requests renditions of a media object. */
  "media.submit": {
    body: {
      media_id: number;
      profiles?: Array<string>;
    };
    answer: TranscodeTask;
  };
  /** Lists the transcoding tasks of the caller, latest first. */
  "media.tasks": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<TranscodeTask>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Begins to move or copy objects from one store to another, or to check or repair those of one store. Every copy is read back and compared before the old one is removed. */
  "transfer.start": {
    body: {
      kind: "move" | "copy" | "verify" | "repair";
      from: string;
      to?: string;
      space?: "upload" | "media";
      user_id?: number;
      older_than?: number;
      larger_than_bytes?: number;
      bytes_per_second?: number;
    };
    answer: Transfer;
  };
  /** Transfers, the latest first. */
  "transfer.list": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Transfer>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The first two hundred objects that are damaged and that no store has whole. They are not served, and their bytes are kept. */
  "transfer.damaged": {
    answer: {
      list: Array<DamagedObject>;
    };
  };
  /** The stores, whether they can be written to, and which are the default and the long-term store. */
  "transfer.stores": {
    answer: {
      list: Array<Store>;
    };
  };
  /** One transfer with the first hundred objects that failed, and why. */
  "transfer.get": {
    path: { id: number };
    answer: {
      id: number;
      kind: "move" | "copy" | "verify" | "repair";
      from: string | null;
      to: string | null;
      space: "upload" | "media" | null;
      user_id: number | null;
      older_than: number | null;
      larger_than_bytes: number | null;
      bytes_per_second: number | null;
      is_automatic: boolean;
      is_scrub: boolean;
      status: "queued" | "running" | "paused" | "done" | "failed" | "cancelled";
      is_planned: boolean;
      objects_total: number;
      bytes_total: number;
      objects_done: number;
      bytes_done: number;
      objects_waiting: number;
      objects_skipped: number;
      objects_damaged: number;
      objects_repaired: number;
      objects_failed: number;
      reason: string | null;
      created_at: string;
      started_at: string | null;
      ended_at: string | null;
      failures: Array<{
        object: string;
        size_bytes: number;
        error: string;
        message: string;
      }>;
    };
  };
  /** Cancels a transfer; moved objects stay moved, copied ones stay in both stores. */
  "transfer.cancel": { path: { id: number }; body: Record<string, never>; answer: Transfer };
  /** Pauses a transfer; nothing that was done is lost. */
  "transfer.pause": { path: { id: number }; body: Record<string, never>; answer: Transfer };
  /** Resumes a transfer that is paused or failed; its failed objects are tried again. */
  "transfer.resume": { path: { id: number }; body: Record<string, never>; answer: Transfer };
  /** The caller's updates after `after`, as on the WebSocket; `reset` where that is too old: read the lists again and continue from `seq`. */
  "message.updates": {
    query: { after?: number; limit?: number };
    answer: {
      list: Array<Update>;
      seq?: number;
      reset?: boolean;
    };
  };
  /** The caller's unread counts. */
  "message.unread": { answer: UnreadCounts };
  /** Takes a whole file: as a multipart form with the file in `file`, or as the bytes alone with `name` in the query. */
  "upload.send": {
    query: { purpose?: "media" | "drive"; folder_id?: number; conflict?: "rename" | "replace" | "skip"; name?: string };
    body: Blob | Uint8Array<ArrayBuffer>;
    answer: FinishedUpload;
  };
  /** Takes one chunk, in any order: as a form with the bytes in `chunk`, or as the bytes alone with the fields in the query. */
  "upload.chunk": {
    query: { upload_id?: number; index?: number; sha256?: string; name?: string };
    body: Blob | Uint8Array<ArrayBuffer>;
    answer: {
      index: number;
      size: number;
    };
  };
  /** Fetches a file from an address; it goes on by itself, also after a restart. */
  "upload.importUrl": {
    body: {
      url: string;
      name?: string;
      purpose?: "media" | "drive";
      folder_id?: number;
      conflict?: "rename" | "replace" | "skip";
    };
    answer: Import;
  };
  /** One's own imports, latest first. */
  "upload.imports": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Import>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** How far an import of one's own is. */
  "upload.importStatus": { path: { id: number }; answer: Import };
  /** Gives an import up; what arrived of it is dropped. */
  "upload.cancelImport": { path: { id: number }; answer: Record<string, never> };
  /** Begins an upload in chunks, or finds the one of the same content and place that was not finished. With a hash it may be spared by answering the challenge. */
  "upload.init": {
    body: {
      name: string;
      size: number;
      sha256?: string;
      purpose?: "media" | "drive";
      folder_id?: number;
      conflict?: "rename" | "replace" | "skip";
      direct?: boolean;
    };
    answer: {
      upload: Upload;
      challenge: UploadChallenge | null;
      direct: {
        method: string;
        url: string;
        headers: Array<{
          name: string;
          value: string;
        }>;
      } | null;
    };
  };
  /** One's own uploads that are not finished, latest first. */
  "upload.list": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Upload>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** How much of one's space is in use. */
  "upload.usage": {
    answer: {
      used_bytes: number;
      reserved_bytes: number;
      quota_bytes: number;
      file_bytes_max: number;
    };
  };
  /** Gives an upload up; what arrived of it is dropped. */
  "upload.cancel": { path: { id: number }; answer: Record<string, never> };
  /** Which chunks are there, and which are not; ranges of indexes. */
  "upload.chunks": {
    path: { id: number };
    answer: {
      received: Array<{
        first: number;
        last: number;
      }>;
      missing: Array<{
        first: number;
        last: number;
      }>;
    };
  };
  /** Makes the file once all chunks are there; repeated, it answers the same. */
  "upload.complete": {
    path: { id: number };
    body: {
      sha256?: string;
    };
    answer: FinishedUpload;
  };
  /** Answers the challenge: for each range the SHA-256 of the nonce's bytes followed by the range's. Right, and the file is there; otherwise send it. */
  "upload.prove": {
    path: { id: number };
    body: {
      digests: Array<string>;
    };
    answer: FinishedUpload;
  };
  /** How far an upload of one's own is. */
  "upload.status": { path: { id: number }; answer: Upload };
  /** The users the caller blocks, latest first. */
  "relation.blacklist": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<UserBrief>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Blocks a user and ends follows in both directions; repeating changes nothing. */
  "relation.block": {
    body: {
      user_id: number;
    };
    answer: {
      blocked: boolean;
    };
  };
  /** Unblocks a user. */
  "relation.unblock": {
    path: { id: number | "me" };
    answer: {
      blocked: boolean;
    };
  };
  /** A profile by its user name, whatever the case. */
  "user.byName": { path: { username: string }; answer: User };
  /** Removes a follower of the caller. */
  "relation.removeFollower": { path: { id: number | "me" }; answer: Record<string, never> };
  /** Signs in with a user name or a verified e-mail address. */
  "auth.login": {
    body: {
      username: string;
      password: string;
    };
    answer: Session;
  };
  /** Ends the session the token belongs to. */
  "auth.logout": { body: Record<string, never>; answer: Record<string, never> };
  /** The same over all videos of the caller, and those with the most views; as CSV the series alone. */
  "interaction.channelAnalytics": { query: { days?: 7 | 28 | 90 }; answer: ChannelAnalytics };
  /** The comments that the caller wrote, latest first, whichever video they are on. */
  "interaction.ownComments": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<OwnComment>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Of the last 1,000 videos of the caller's watch history, those that were begun and not watched to their end, latest first. */
  "interaction.continueWatching": {
    query: { limit?: number };
    answer: {
      list: Array<BegunVideo>;
    };
  };
  /** The danmaku that the caller wrote, latest first, whichever video they are on. */
  "interaction.ownDanmaku": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<OwnDanmaku>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Users who ask to follow the caller, latest first. */
  "relation.followRequests": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<FollowerRequest>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Accepts or refuses a request to follow the caller; a refusal notifies nobody. */
  "relation.answerFollowRequest": {
    path: { user_id: number };
    body: {
      accept: boolean;
    };
    answer: Record<string, never>;
  };
  /** What is left out of the caller's lists and feeds, the latest first, with the video where they said so. */
  "recommend.notInterested": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<NotInterested>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Asks for earnings to be paid out; they are set aside until an administrator decides. Earnings from free coins are not paid out. */
  "live.requestPayout": {
    body: {
      amount: number;
    };
    answer: Payout;
  };
  /** The payouts of the caller, the newest first. */
  "live.ownPayouts": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Payout>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The comments on the caller's videos, newest first: all, those at the top of a thread that the caller has not replied to, or those held for a moderator; `q` is searched in the latest 10,000. */
  "interaction.receivedComments": {
    query: { filter?: "all" | "unanswered" | "held"; q?: string; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<ReceivedComment>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Changes or deletes several of the caller's own videos, each on its own: one that fails stops no other. `playlist_id` adds them to a playlist. */
  "video.changeMany": {
    body: {
      ids: Array<number>;
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      category_id?: number | null;
      allow_comment?: boolean;
      playlist_id?: number;
      delete?: true;
    };
    answer: {
      done: Array<number>;
      failed: Array<{
        id: number;
        error: string;
      }>;
    };
  };
  /** The coins of the caller; a new account begins with some for gifts. */
  "live.wallet": { answer: Wallet };
  /** Every move of the caller's coins, the newest first; the amounts of an account add up to its balance. */
  "live.statement": {
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<StatementEntry>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Creates an account and signs in. */
  "auth.register": {
    body: {
      username: string;
      password: string;
      email?: string;
      nickname?: string;
      phone?: string;
      strict?: boolean;
      application?: string;
      invitation?: string;
      work?: {
        puzzle: string;
        nonce: number;
      };
    };
    answer: Session;
  };
  /** Accounts to follow: those followed by accounts the caller follows or by others who follow the same, then those with the most followers. */
  "relation.suggestions": {
    query: { limit?: number };
    answer: {
      list: Array<Suggestion>;
    };
  };
  /** A profile; `me` is the caller's own. */
  "user.get": { path: { id: number | "me" }; answer: User };
  /** Changes the caller's profile; omitted fields keep their value. A picture at another address is fetched once and stored here. Another e-mail address needs a fresh sign-in. */
  "user.update": {
    path: { id: number | "me" };
    body: {
      nickname?: string;
      bio?: string;
      avatar?: string;
      background_image?: string;
      gender?: number;
      birthday?: "" | string;
      province?: string;
      city?: string;
      email?: "" | string;
      phone?: string;
      school?: string;
      company?: string;
      profession?: string;
      homepage?: "" | string;
      introduction?: string;
      about?: string;
      links?: Array<ProfileLink>;
      show_favorites?: boolean;
      show_likes?: boolean;
      show_following?: boolean;
      show_followers?: boolean;
      approve_followers?: boolean;
    };
    answer: User;
  };
  /** The conversation with a user; null before the first message. */
  "message.conversationWith": {
    path: { id: number };
    answer: {
      conversation_id: number | null;
    };
  };
  /** The favourite folders of a user, newest first; others see those that are public. */
  "interaction.folders": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<FavoriteFolder>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The favourites of a user, latest first, of one folder or of all public ones, unless the user hides this list. */
  "interaction.favorites": {
    path: { id: number | "me" };
    query: { folder_id?: number; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<FavoriteVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Follows a user, or asks to, where the user approves followers (`requested`); repeating changes nothing. */
  "relation.follow": {
    path: { id: number | "me" };
    body: Record<string, never>;
    answer: {
      following: boolean;
      requested: boolean;
    };
  };
  /** Unfollows a user, or withdraws the request to. */
  "relation.unfollow": {
    path: { id: number | "me" };
    answer: {
      following: boolean;
    };
  };
  /** The followers of a user, latest first, unless the user hides them; those of a user who approves followers for followers alone. */
  "relation.followers": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<UserBrief>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The users a user follows, latest first, unless the user hides them. */
  "relation.following": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<UserBrief>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The mutual follows of a user, latest first, unless the user hides one of the lists. */
  "relation.friends": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<UserBrief>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The videos a user likes, latest first, unless the user hides this list. */
  "interaction.likes": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<LikedVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The live rooms of a user that the caller may find, the newest first; the caller's own are all of them. */
  "live.ofUser": {
    path: { id: number | "me" };
    query: { status?: "waiting" | "live" | "paused" | "ended"; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Live>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** A user's playlists, latest first; the caller's own include those not public. */
  "video.playlistsOf": {
    path: { id: number | "me" };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Playlist>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** A user's videos, the latest published first; the caller's own include those not public or not ready, newest first, and only they can be filtered and sorted. `q` is searched in the titles of the newest 10,000. */
  "video.ofUser": {
    path: { id: number | "me" };
    query: {
      q?: string;
      state?: "published" | "processing" | "failed" | "scheduled" | "draft" | "taken_down" | "needs_action";
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      sort?: "latest" | "oldest";
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<Video>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Publishes an uploaded media object, the file of a multipart form, or a file that is fetched from `video_url`, as soon as it can be played. */
  "video.create": {
    body: {
      title: string;
      video_url?: string;
      duration?: number;
      width?: number;
      height?: number;
      draft?: boolean;
      publish_at?: string;
      description?: string;
      cover_url?: string;
      category_id?: number;
      tags?: Array<string>;
      hashtags?: Array<string>;
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      password?: string;
      is_public?: boolean;
      allow_comment?: boolean;
      allow_download?: boolean;
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
      media_id?: number;
    };
    answer: Video;
  };
  /** The public videos: trending (the highest hot score first), the latest published, or the most viewed; without those of users that a block stands between. A square video is wide. */
  "recommend.videos": {
    query: {
      sort?: "trending" | "latest" | "popular";
      category_id?: number;
      user_id?: number;
      shape?: "wide" | "upright";
      min_duration?: number;
      max_duration?: number;
      page?: number;
      page_size?: number;
      cursor?: string;
    };
    answer: {
      list: Array<ListedVideo>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** The categories of videos. */
  "video.categories": {
    answer: {
      list: Array<{
        id: number;
        names: {
          en: string;
          zh: string;
        };
      }>;
    };
  };
  /** The public videos of a category, the latest published first. */
  "video.ofCategory": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Video>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** A video that the caller may see. */
  "video.get": { path: { id: number }; answer: Video };
  /** Changes the caller's own video; fields that are left out stay. */
  "video.update": {
    path: { id: number };
    body: {
      title?: string;
      publish_at?: string;
      draft?: true;
      description?: string;
      cover_url?: string;
      category_id?: number | null;
      tags?: Array<string>;
      hashtags?: Array<string>;
      visibility?: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
      password?: string;
      is_public?: boolean;
      allow_comment?: boolean;
      allow_download?: boolean;
      gate?: Gate;
      gate_password?: string;
      teaser?: "none" | "title" | "cover";
    };
    answer: Video;
  };
  /** Deletes the caller's own video; its bytes are deleted after the grace time. */
  "video.remove": { path: { id: number }; answer: Record<string, never> };
  /** Views, watch time, retention, sources and new followers of a video of the caller in the last days of UTC; as CSV the series alone. */
  "interaction.videoAnalytics": { path: { id: number }; query: { days?: 7 | 28 | 90 }; answer: VideoAnalytics };
  /** The comments on a video, the pinned one first, then the newest or those with the most likes and replies. */
  "interaction.comments": {
    path: { id: number };
    query: { sort?: "new" | "hot"; page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Comment>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Posts a comment on a video, or a reply to a comment on it; `@name` mentions a user, who is notified. */
  "interaction.say": {
    path: { id: number };
    body: {
      content: string;
      parent_id?: number;
    };
    answer: Comment;
  };
  /** The danmaku of one stretch of 30 s, `bucket` 0 being the first; thinned to what can be read, without those the caller filters. */
  "interaction.danmaku": {
    path: { id: number };
    query: { bucket: number };
    answer: {
      list: Array<Danmaku>;
      is_thinned?: boolean;
    };
  };
  /** Posts a danmaku at a position of a video. */
  "interaction.sayAt": {
    path: { id: number };
    body: {
      position: number;
      content: string;
      color?: number;
      mode?: "scroll" | "top" | "bottom";
    };
    answer: Danmaku;
  };
  /** Adds a video to the caller's favourites, in a folder or in none; repeating moves it there. */
  "interaction.favorite": {
    path: { id: number };
    body: {
      folder_id?: number;
    };
    answer: {
      favorited: boolean;
      favorite_count: number;
    };
  };
  /** Removes a video from the caller's favourites. */
  "interaction.unfavorite": {
    path: { id: number };
    answer: {
      favorited: boolean;
      favorite_count: number;
    };
  };
  /** Likes a video; repeating changes nothing. */
  "interaction.like": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Takes a like back. */
  "interaction.unlike": {
    path: { id: number };
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Replaces the file of the caller's own video; the old one plays until the new one can be played, and stays should that fail. */
  "video.replaceMedia": {
    path: { id: number };
    body: {
      media_id: number;
    };
    answer: Video;
  };
  /** Cancels the replacement of the video's file, whether it is being prepared or has failed. */
  "video.keepMedia": { path: { id: number }; answer: Video };
  /** Leaves a video, all of its author or all with a tag out of the caller's lists and feeds; the latest thousand of these hold. */
  "recommend.markNotInterested": {
    path: { id: number };
    body: {
      scope?: "video" | "author" | "tag";
      tag?: string;
    };
    answer: {
      scope: "video" | "author" | "tag";
    };
  };
  /** Has a video, its author or a tag in the caller's lists and feeds again. */
  "recommend.unmarkNotInterested": {
    path: { id: number };
    query: { scope?: "video" | "author" | "tag"; tag?: string };
    answer: {
      scope: "video" | "author" | "tag";
    };
  };
  /** Reports what was watched of a video: the position is stored in the caller's history, 3 s or 30 % count as one view per viewer and half hour, and the ranges count as watch time. */
  "interaction.play": {
    path: { id: number };
    body: {
      position?: number;
      duration?: number;
      finished?: boolean;
      ranges?: Array<Array<number>>;
      source?:
        | "feed"
        | "explore"
        | "following"
        | "search"
        | "profile"
        | "playlist"
        | "related"
        | "embed"
        | "share"
        | "other";
      site?: string;
    };
    answer: Record<string, never>;
  };
  /** Publishes a draft: immediately when it is ready, else as soon as it is. */
  "video.publish": { path: { id: number }; body: Record<string, never>; answer: Video };
  /** Videos to watch after one, never itself: those with rare tags in common, of the same author, and watched by the same users; the hottest fill the rest. */
  "recommend.related": {
    path: { id: number };
    query: { limit?: number };
    answer: {
      list: Array<FeedVideo>;
    };
  };
  /** Reports a share of a video; counts once per viewer and half hour. */
  "interaction.share": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      share_count: number;
    };
  };
  /** Statistics of the caller's own video. */
  "video.statistics": { path: { id: number }; answer: VideoStatistics };
  /** Views and likes of a video of the caller on each of the last 30 days, by UTC; the oldest first. */
  "interaction.days": {
    path: { id: number };
    answer: {
      list: Array<VideoDay>;
    };
  };
  /** Exchanges a video's password for a token that unlocks it for some hours, sent as the header `X-Kinora-Unlock` with every request about it. */
  "video.unlock": {
    path: { id: number };
    body: {
      password: string;
    };
    answer: {
      unlock: string;
      expires_at: string;
    };
  };
  /** A ticket that opens the WebSocket once, within 30 seconds. */
  "message.ticket": {
    body: Record<string, never>;
    answer: {
      ticket: string;
      expires_at: string;
    };
  };
}
export type OperationId = keyof Operations;

/** Where each operation is, below `/api/v1`. */
export const operations = {
  "auth.accounts": { verb: "GET", path: "/admin/accounts" },
  "auth.removeAccount": { verb: "DELETE", path: "/admin/accounts/{id}" },
  "auth.admit": { verb: "POST", path: "/admin/accounts/{id}/admit" },
  "auth.removeFactors": { verb: "DELETE", path: "/admin/accounts/{id}/factors" },
  "auth.reject": { verb: "POST", path: "/admin/accounts/{id}/reject" },
  "auth.resetLink": { verb: "POST", path: "/admin/accounts/{id}/reset-link" },
  "auth.setRole": { verb: "PUT", path: "/admin/accounts/{id}/role" },
  "moderation.audit": { verb: "GET", path: "/admin/audit" },
  "auth.chainDetails": { verb: "GET", path: "/admin/chains" },
  "auth.deletions": { verb: "GET", path: "/admin/deletions" },
  "worker.deadEvents": { verb: "GET", path: "/admin/events/dead" },
  "worker.discardEvent": { verb: "DELETE", path: "/admin/events/dead/{service}/{id}" },
  "worker.retryEvent": { verb: "POST", path: "/admin/events/dead/{service}/{id}/retry" },
  "instance.update": { verb: "PUT", path: "/admin/instance" },
  "instance.history": { verb: "GET", path: "/admin/instance/history" },
  "worker.dead": { verb: "GET", path: "/admin/jobs/dead" },
  "worker.discard": { verb: "DELETE", path: "/admin/jobs/dead/{service}/{id}" },
  "worker.retry": { verb: "POST", path: "/admin/jobs/dead/{service}/{id}/retry" },
  "instance.testMail": { verb: "POST", path: "/admin/mail/test" },
  "transcoder.decoders": { verb: "GET", path: "/admin/media/decoders" },
  "media.formats": { verb: "GET", path: "/admin/media/formats" },
  "media.switchFormat": { verb: "PUT", path: "/admin/media/formats/{kind}/{name}" },
  "moderation.setRules": { verb: "PUT", path: "/admin/newcomers" },
  "instance.overview": { verb: "GET", path: "/admin/overview" },
  "live.payouts": { verb: "GET", path: "/admin/payouts" },
  "live.decidePayout": { verb: "POST", path: "/admin/payouts/{id}/decision" },
  "recommend.models": { verb: "GET", path: "/admin/recommend/models" },
  "recommend.setModelShare": { verb: "PUT", path: "/admin/recommend/models/{id}" },
  "recommend.train": { verb: "POST", path: "/admin/recommend/train" },
  "auth.registration": { verb: "GET", path: "/admin/registration" },
  "auth.setRegistration": { verb: "PUT", path: "/admin/registration" },
  "transcoder.runnerRegistrations": { verb: "GET", path: "/admin/runner-registrations" },
  "transcoder.addRunnerRegistration": { verb: "POST", path: "/admin/runner-registrations" },
  "transcoder.revokeRunnerRegistration": { verb: "DELETE", path: "/admin/runner-registrations/{id}" },
  "transcoder.runners": { verb: "GET", path: "/admin/runners" },
  "transcoder.switchRunner": { verb: "PUT", path: "/admin/runners/{id}" },
  "transcoder.removeRunner": { verb: "DELETE", path: "/admin/runners/{id}" },
  "search.hiddenWords": { verb: "GET", path: "/admin/search/hot" },
  "search.setHidden": { verb: "PUT", path: "/admin/search/hot" },
  "search.rebuild": { verb: "POST", path: "/admin/search/rebuild" },
  "transfer.freeSpace": { verb: "POST", path: "/admin/storage/free" },
  "transfer.freedSpace": { verb: "GET", path: "/admin/storage/free" },
  "live.grantCoins": { verb: "POST", path: "/admin/users/{id}/coins" },
  "moderation.words": { verb: "GET", path: "/admin/words" },
  "moderation.addWord": { verb: "POST", path: "/admin/words" },
  "moderation.removeWord": { verb: "DELETE", path: "/admin/words/{id}" },
  "auth.alerts": { verb: "GET", path: "/auth/alerts" },
  "auth.challenge": { verb: "POST", path: "/auth/challenge" },
  "auth.deleteAccount": { verb: "POST", path: "/auth/delete-account" },
  "auth.email": { verb: "GET", path: "/auth/email" },
  "auth.setEmail": { verb: "PUT", path: "/auth/email" },
  "auth.undoEmail": { verb: "POST", path: "/auth/email/undo" },
  "auth.sendVerification": { verb: "POST", path: "/auth/email/verification" },
  "auth.verifyEmail": { verb: "POST", path: "/auth/email/verify" },
  "auth.factors": { verb: "GET", path: "/auth/factors" },
  "auth.confirm": { verb: "POST", path: "/auth/fresh" },
  "auth.invite": { verb: "POST", path: "/auth/invitations" },
  "auth.invitations": { verb: "GET", path: "/auth/invitations" },
  "auth.checkInvitation": { verb: "POST", path: "/auth/invitations/check" },
  "auth.endInvitation": { verb: "DELETE", path: "/auth/invitations/{id}" },
  "auth.loginByWallet": { verb: "POST", path: "/auth/login" },
  "auth.signOut": { verb: "POST", path: "/auth/logout" },
  "auth.confirmByProvider": { verb: "POST", path: "/auth/oidc/{id}/fresh" },
  "auth.linkProvider": { verb: "POST", path: "/auth/oidc/{id}/link" },
  "auth.unlinkProvider": { verb: "DELETE", path: "/auth/oidc/{id}/link" },
  "auth.addPasskey": { verb: "POST", path: "/auth/passkeys" },
  "auth.loginByPasskey": { verb: "POST", path: "/auth/passkeys/login" },
  "auth.passkeyOptions": { verb: "POST", path: "/auth/passkeys/options" },
  "auth.beginPasskey": { verb: "POST", path: "/auth/passkeys/register" },
  "auth.renamePasskey": { verb: "PUT", path: "/auth/passkeys/{id}" },
  "auth.removePasskey": { verb: "DELETE", path: "/auth/passkeys/{id}" },
  "auth.changePassword": { verb: "POST", path: "/auth/password" },
  "auth.forgotPassword": { verb: "POST", path: "/auth/password/forgot" },
  "auth.resetPassword": { verb: "POST", path: "/auth/password/reset" },
  "auth.providers": { verb: "GET", path: "/auth/providers" },
  "auth.renewRecoveryCodes": { verb: "POST", path: "/auth/recovery-codes" },
  "auth.refresh": { verb: "POST", path: "/auth/refresh" },
  "auth.reset": { verb: "POST", path: "/auth/reset" },
  "auth.secondFactor": { verb: "POST", path: "/auth/second-factor" },
  "auth.sessions": { verb: "GET", path: "/auth/sessions" },
  "auth.endOthers": { verb: "DELETE", path: "/auth/sessions" },
  "auth.endSession": { verb: "DELETE", path: "/auth/sessions/{id}" },
  "auth.personalTokens": { verb: "GET", path: "/auth/tokens" },
  "auth.makeToken": { verb: "POST", path: "/auth/tokens" },
  "auth.renameToken": { verb: "PUT", path: "/auth/tokens/{id}" },
  "auth.endToken": { verb: "DELETE", path: "/auth/tokens/{id}" },
  "auth.addTotp": { verb: "POST", path: "/auth/totp" },
  "auth.removeTotp": { verb: "DELETE", path: "/auth/totp" },
  "auth.confirmTotp": { verb: "POST", path: "/auth/totp/confirm" },
  "auth.verify": { verb: "POST", path: "/auth/verify" },
  "auth.wallets": { verb: "GET", path: "/auth/wallets" },
  "auth.changeWallet": { verb: "PUT", path: "/auth/wallets/{id}" },
  "auth.unlinkWallet": { verb: "DELETE", path: "/auth/wallets/{id}" },
  "auth.work": { verb: "GET", path: "/auth/work" },
  "cache.invalidate": { verb: "POST", path: "/cache/invalidate" },
  "cache.policies": { verb: "GET", path: "/cache/policies" },
  "cache.setPolicy": { verb: "PUT", path: "/cache/policies/{name}" },
  "cache.stats": { verb: "GET", path: "/cache/stats" },
  "cache.warm": { verb: "POST", path: "/cache/warm" },
  "auth.chains": { verb: "GET", path: "/chains" },
  "interaction.comment": { verb: "GET", path: "/comments/{id}" },
  "interaction.editComment": { verb: "PUT", path: "/comments/{id}" },
  "interaction.unsay": { verb: "DELETE", path: "/comments/{id}" },
  "interaction.likeComment": { verb: "POST", path: "/comments/{id}/like" },
  "interaction.unlikeComment": { verb: "DELETE", path: "/comments/{id}/like" },
  "interaction.pin": { verb: "PUT", path: "/comments/{id}/pin" },
  "interaction.unpin": { verb: "DELETE", path: "/comments/{id}/pin" },
  "interaction.replies": { verb: "GET", path: "/comments/{id}/replies" },
  "message.conversations": { verb: "GET", path: "/conversations" },
  "message.conversation": { verb: "GET", path: "/conversations/{id}" },
  "message.removeConversation": { verb: "DELETE", path: "/conversations/{id}" },
  "message.accept": { verb: "POST", path: "/conversations/{id}/accept" },
  "message.messages": { verb: "GET", path: "/conversations/{id}/messages" },
  "message.readConversation": { verb: "PUT", path: "/conversations/{id}/read" },
  "interaction.danmakuFilters": { verb: "GET", path: "/danmaku/filters" },
  "interaction.setDanmakuFilters": { verb: "PUT", path: "/danmaku/filters" },
  "interaction.showAuthors": { verb: "DELETE", path: "/danmaku/hidden-authors" },
  "interaction.unsayAt": { verb: "DELETE", path: "/danmaku/{id}" },
  "interaction.hideAuthor": { verb: "POST", path: "/danmaku/{id}/hide-author" },
  "interaction.showAuthor": { verb: "DELETE", path: "/danmaku/{id}/hide-author" },
  "drive.list": { verb: "GET", path: "/drive" },
  "drive.copy": { verb: "POST", path: "/drive/copy" },
  "drive.createFolder": { verb: "POST", path: "/drive/folders" },
  "drive.fromMedia": { verb: "POST", path: "/drive/from-media" },
  "drive.move": { verb: "POST", path: "/drive/move" },
  "drive.makePath": { verb: "POST", path: "/drive/paths" },
  "drive.recent": { verb: "GET", path: "/drive/recent" },
  "drive.remove": { verb: "POST", path: "/drive/remove" },
  "drive.restore": { verb: "POST", path: "/drive/restore" },
  "drive.search": { verb: "GET", path: "/drive/search" },
  "drive.shares": { verb: "GET", path: "/drive/shares" },
  "drive.updateShare": { verb: "PUT", path: "/drive/shares/{id}" },
  "drive.unshare": { verb: "DELETE", path: "/drive/shares/{id}" },
  "drive.renewShare": { verb: "POST", path: "/drive/shares/{id}/renew" },
  "drive.task": { verb: "GET", path: "/drive/tasks/{id}" },
  "drive.trash": { verb: "POST", path: "/drive/trash" },
  "drive.trashed": { verb: "GET", path: "/drive/trash" },
  "drive.emptyTrash": { verb: "DELETE", path: "/drive/trash" },
  "drive.usage": { verb: "GET", path: "/drive/usage" },
  "drive.zip": { verb: "POST", path: "/drive/zip" },
  "drive.get": { verb: "GET", path: "/drive/{id}" },
  "drive.rename": { verb: "PUT", path: "/drive/{id}" },
  "drive.link": { verb: "POST", path: "/drive/{id}/link" },
  "drive.path": { verb: "GET", path: "/drive/{id}/path" },
  "drive.publish": { verb: "POST", path: "/drive/{id}/publish" },
  "drive.share": { verb: "POST", path: "/drive/{id}/shares" },
  "interaction.makeFolder": { verb: "POST", path: "/favorite-folders" },
  "interaction.changeFolder": { verb: "PUT", path: "/favorite-folders/{id}" },
  "interaction.removeFolder": { verb: "DELETE", path: "/favorite-folders/{id}" },
  "interaction.gate": { verb: "GET", path: "/gates/{kind}/{id}" },
  "interaction.gateAudit": { verb: "GET", path: "/gates/{kind}/{id}/audit" },
  "interaction.buyGate": { verb: "POST", path: "/gates/{kind}/{id}/buy" },
  "interaction.checkGate": { verb: "POST", path: "/gates/{kind}/{id}/check" },
  "interaction.gateInvited": { verb: "GET", path: "/gates/{kind}/{id}/invited" },
  "interaction.inviteToGate": { verb: "POST", path: "/gates/{kind}/{id}/invited" },
  "interaction.redeemGateLink": { verb: "POST", path: "/gates/{kind}/{id}/invited/redeem" },
  "interaction.uninvite": { verb: "DELETE", path: "/gates/{kind}/{id}/invited/{user_id}" },
  "interaction.refundGate": { verb: "POST", path: "/gates/{kind}/{id}/refund" },
  "hashtag.create": { verb: "POST", path: "/hashtags" },
  "hashtag.byName": { verb: "GET", path: "/hashtags/by-name/{name}" },
  "hashtag.hot": { verb: "GET", path: "/hashtags/hot" },
  "hashtag.trending": { verb: "GET", path: "/hashtags/trending" },
  "hashtag.get": { verb: "GET", path: "/hashtags/{id}" },
  "hashtag.videos": { verb: "GET", path: "/hashtags/{id}/videos" },
  "interaction.history": { verb: "GET", path: "/history" },
  "interaction.clearHistory": { verb: "DELETE", path: "/history" },
  "interaction.historySettings": { verb: "GET", path: "/history/settings" },
  "interaction.setHistory": { verb: "PUT", path: "/history/settings" },
  "interaction.forgetWatched": { verb: "DELETE", path: "/history/{id}" },
  "instance.get": { verb: "GET", path: "/instance" },
  "auth.addDemo": { verb: "POST", path: "/instance/demo" },
  "auth.removeDemo": { verb: "DELETE", path: "/instance/demo" },
  "auth.claim": { verb: "POST", path: "/instance/first-run" },
  "live.create": { verb: "POST", path: "/lives" },
  "live.list": { verb: "GET", path: "/lives" },
  "live.gifts": { verb: "GET", path: "/lives/gifts" },
  "live.get": { verb: "GET", path: "/lives/{id}" },
  "live.update": { verb: "PUT", path: "/lives/{id}" },
  "live.remove": { verb: "DELETE", path: "/lives/{id}" },
  "live.banFromRoom": { verb: "POST", path: "/lives/{id}/bans/{user_id}" },
  "live.unbanFromRoom": { verb: "DELETE", path: "/lives/{id}/bans/{user_id}" },
  "live.chat": { verb: "GET", path: "/lives/{id}/chat" },
  "live.setChat": { verb: "PUT", path: "/lives/{id}/chat" },
  "live.createClip": { verb: "POST", path: "/lives/{id}/clips" },
  "live.clips": { verb: "GET", path: "/lives/{id}/clips" },
  "live.end": { verb: "POST", path: "/lives/{id}/end" },
  "live.fanClub": { verb: "GET", path: "/lives/{id}/fan-club" },
  "live.joinFanClub": { verb: "POST", path: "/lives/{id}/fan-club/join" },
  "live.leaveFanClub": { verb: "DELETE", path: "/lives/{id}/fan-club/join" },
  "live.sendGift": { verb: "POST", path: "/lives/{id}/gifts" },
  "live.giftRecords": { verb: "GET", path: "/lives/{id}/gifts" },
  "live.guests": { verb: "GET", path: "/lives/{id}/guests" },
  "live.inviteGuest": { verb: "POST", path: "/lives/{id}/guests" },
  "live.removeGuest": { verb: "DELETE", path: "/lives/{id}/guests/{user_id}" },
  "live.health": { verb: "GET", path: "/lives/{id}/health" },
  "live.held": { verb: "GET", path: "/lives/{id}/held" },
  "live.allowHeld": { verb: "POST", path: "/lives/{id}/held/{held_id}" },
  "live.hideHeld": { verb: "DELETE", path: "/lives/{id}/held/{held_id}" },
  "live.join": { verb: "POST", path: "/lives/{id}/join" },
  "live.leave": { verb: "POST", path: "/lives/{id}/leave" },
  "live.say": { verb: "POST", path: "/lives/{id}/messages" },
  "live.messages": { verb: "GET", path: "/lives/{id}/messages" },
  "live.deleteMessage": { verb: "DELETE", path: "/lives/{id}/messages/{seq}" },
  "live.roomModerators": { verb: "GET", path: "/lives/{id}/moderators" },
  "live.addModerator": { verb: "POST", path: "/lives/{id}/moderators/{user_id}" },
  "live.removeModerator": { verb: "DELETE", path: "/lives/{id}/moderators/{user_id}" },
  "live.muteInRoom": { verb: "POST", path: "/lives/{id}/mutes/{user_id}" },
  "live.unmuteInRoom": { verb: "DELETE", path: "/lives/{id}/mutes/{user_id}" },
  "live.orders": { verb: "GET", path: "/lives/{id}/orders" },
  "live.pinned": { verb: "GET", path: "/lives/{id}/pinned" },
  "live.pin": { verb: "PUT", path: "/lives/{id}/pinned" },
  "live.unpin": { verb: "DELETE", path: "/lives/{id}/pinned" },
  "live.playbackAddress": { verb: "GET", path: "/lives/{id}/playback" },
  "live.products": { verb: "GET", path: "/lives/{id}/products" },
  "live.addProduct": { verb: "POST", path: "/lives/{id}/products" },
  "live.updateProduct": { verb: "PUT", path: "/lives/{id}/products/{pid}" },
  "live.removeProduct": { verb: "DELETE", path: "/lives/{id}/products/{pid}" },
  "live.pinProduct": { verb: "POST", path: "/lives/{id}/products/{pid}/pin" },
  "live.unpinProduct": { verb: "DELETE", path: "/lives/{id}/products/{pid}/pin" },
  "live.reserveProduct": { verb: "POST", path: "/lives/{id}/products/{pid}/reservations" },
  "live.cancelReservation": { verb: "DELETE", path: "/lives/{id}/products/{pid}/reservations/{rid}" },
  "live.confirmReservation": { verb: "POST", path: "/lives/{id}/products/{pid}/reservations/{rid}/confirm" },
  "live.givers": { verb: "GET", path: "/lives/{id}/rank" },
  "live.restrictions": { verb: "GET", path: "/lives/{id}/restrictions" },
  "live.start": { verb: "POST", path: "/lives/{id}/start" },
  "live.resetKey": { verb: "POST", path: "/lives/{id}/stream-key" },
  "live.unlock": { verb: "POST", path: "/lives/{id}/unlock" },
  "live.viewers": { verb: "GET", path: "/lives/{id}/viewers" },
  "media.upload": { verb: "POST", path: "/media/upload" },
  "media.get": { verb: "GET", path: "/media/{id}" },
  "media.addCaptions": { verb: "POST", path: "/media/{id}/captions" },
  "media.captions": { verb: "GET", path: "/media/{id}/captions" },
  "media.addCaptionFile": { verb: "POST", path: "/media/{id}/captions/file" },
  "media.removeCaptions": { verb: "DELETE", path: "/media/{id}/captions/{captions}" },
  "media.transcode": { verb: "POST", path: "/media/{id}/transcode" },
  "media.task": { verb: "GET", path: "/media/{id}/transcode" },
  "message.send": { verb: "POST", path: "/messages" },
  "message.get": { verb: "GET", path: "/messages/{id}" },
  "moderation.appeal": { verb: "POST", path: "/moderation/appeals" },
  "moderation.appeals": { verb: "GET", path: "/moderation/appeals" },
  "moderation.answerAppeal": { verb: "POST", path: "/moderation/appeals/{id}/answer" },
  "moderation.counts": { verb: "GET", path: "/moderation/counts" },
  "moderation.decisions": { verb: "GET", path: "/moderation/decisions" },
  "moderation.decide": { verb: "POST", path: "/moderation/decisions" },
  "moderation.removeNote": { verb: "DELETE", path: "/moderation/notes/{id}" },
  "moderation.queue": { verb: "GET", path: "/moderation/queue" },
  "moderation.oneCase": { verb: "GET", path: "/moderation/queue/{id}" },
  "moderation.claim": { verb: "POST", path: "/moderation/queue/{id}/claim" },
  "moderation.release": { verb: "DELETE", path: "/moderation/queue/{id}/claim" },
  "moderation.history": { verb: "GET", path: "/moderation/queue/{id}/history" },
  "moderation.notes": { verb: "GET", path: "/moderation/queue/{id}/notes" },
  "moderation.addNote": { verb: "POST", path: "/moderation/queue/{id}/notes" },
  "moderation.caseReports": { verb: "GET", path: "/moderation/queue/{id}/reports" },
  "moderation.resolve": { verb: "POST", path: "/moderation/queue/{id}/resolve" },
  "moderation.undo": { verb: "POST", path: "/moderation/queue/{id}/undo" },
  "moderation.standing": { verb: "GET", path: "/moderation/users/{id}" },
  "moderation.sweep": { verb: "POST", path: "/moderation/users/{id}/sweep" },
  "moderation.undoSweep": { verb: "POST", path: "/moderation/users/{id}/sweep/undo" },
  "monitor.health": { verb: "GET", path: "/monitor/health" },
  "monitor.metrics": { verb: "GET", path: "/monitor/metrics" },
  "auth.holding": { verb: "GET", path: "/nft" },
  "auth.verifyHolding": { verb: "POST", path: "/nft/verify" },
  "auth.tokenHolding": { verb: "GET", path: "/nft/{token_id}" },
  "message.notifications": { verb: "GET", path: "/notifications" },
  "message.readAll": { verb: "PUT", path: "/notifications/read-all" },
  "message.settings": { verb: "GET", path: "/notifications/settings" },
  "message.setSettings": { verb: "PUT", path: "/notifications/settings" },
  "message.readNotification": { verb: "PUT", path: "/notifications/{id}/read" },
  "video.createPlaylist": { verb: "POST", path: "/playlists" },
  "video.playlist": { verb: "GET", path: "/playlists/{id}" },
  "video.updatePlaylist": { verb: "PUT", path: "/playlists/{id}" },
  "video.removePlaylist": { verb: "DELETE", path: "/playlists/{id}" },
  "video.playlistItems": { verb: "GET", path: "/playlists/{id}/items" },
  "video.addToPlaylist": { verb: "POST", path: "/playlists/{id}/items" },
  "video.removeFromPlaylist": { verb: "DELETE", path: "/playlists/{id}/items/{video}" },
  "video.moveInPlaylist": { verb: "PUT", path: "/playlists/{id}/items/{video}" },
  "video.unlockPlaylist": { verb: "POST", path: "/playlists/{id}/unlock" },
  "message.pushKey": { verb: "GET", path: "/push/key" },
  "message.subscribe": { verb: "POST", path: "/push/subscriptions" },
  "message.unsubscribe": { verb: "DELETE", path: "/push/subscriptions" },
  "recommend.feed": { verb: "GET", path: "/recommend/feed" },
  "recommend.following": { verb: "GET", path: "/recommend/following" },
  "recommend.followedAuthors": { verb: "GET", path: "/recommend/following/authors" },
  "recommend.hot": { verb: "GET", path: "/recommend/hot" },
  "recommend.interests": { verb: "GET", path: "/recommend/interests" },
  "recommend.setInterest": { verb: "PUT", path: "/recommend/interests" },
  "recommend.mute": { verb: "POST", path: "/recommend/mutes" },
  "recommend.mutes": { verb: "GET", path: "/recommend/mutes" },
  "recommend.unmute": { verb: "DELETE", path: "/recommend/mutes" },
  "recommend.refresh": { verb: "POST", path: "/recommend/refresh" },
  "recommend.reset": { verb: "POST", path: "/recommend/reset" },
  "recommend.feedSettings": { verb: "GET", path: "/recommend/settings" },
  "recommend.setFeedSettings": { verb: "PUT", path: "/recommend/settings" },
  "recommend.signals": { verb: "GET", path: "/recommend/signals" },
  "moderation.report": { verb: "POST", path: "/reports" },
  "moderation.reports": { verb: "GET", path: "/reports" },
  "transcoder.registerRunner": { verb: "POST", path: "/runners" },
  "transcoder.requestRunnerJob": { verb: "POST", path: "/runners/jobs" },
  "transcoder.failRunnerJob": { verb: "POST", path: "/runners/jobs/{id}/failure" },
  "transcoder.renewRunnerJob": { verb: "POST", path: "/runners/jobs/{id}/heartbeat" },
  "transcoder.putOffRunnerJob": { verb: "POST", path: "/runners/jobs/{id}/put-off" },
  "transcoder.reportRunnerJob": { verb: "POST", path: "/runners/jobs/{id}/results" },
  "transcoder.unregisterRunner": { verb: "POST", path: "/runners/unregister" },
  "search.all": { verb: "GET", path: "/search" },
  "search.files": { verb: "GET", path: "/search/files" },
  "search.hashtags": { verb: "GET", path: "/search/hashtags" },
  "search.history": { verb: "GET", path: "/search/history" },
  "search.clearHistory": { verb: "DELETE", path: "/search/history" },
  "search.historySettings": { verb: "GET", path: "/search/history/settings" },
  "search.setHistory": { verb: "PUT", path: "/search/history/settings" },
  "search.forgetSearch": { verb: "DELETE", path: "/search/history/{keyword}" },
  "search.hot": { verb: "GET", path: "/search/hot" },
  "search.lives": { verb: "GET", path: "/search/lives" },
  "search.suggestions": { verb: "GET", path: "/search/suggestions" },
  "search.users": { verb: "GET", path: "/search/users" },
  "search.videos": { verb: "GET", path: "/search/videos" },
  "drive.sharedEntries": { verb: "GET", path: "/shares/entries" },
  "drive.openShare": { verb: "POST", path: "/shares/open" },
  "drive.zipShared": { verb: "POST", path: "/shares/zip" },
  "streaming.mediaAddress": { verb: "GET", path: "/streaming/media/{id}/address" },
  "streaming.address": { verb: "GET", path: "/streaming/{id}/address" },
  "media.cancel": { verb: "POST", path: "/transcode/cancel/{id}" },
  "media.profiles": { verb: "GET", path: "/transcode/profiles" },
  "media.status": { verb: "GET", path: "/transcode/status/{id}" },
  "media.submit": { verb: "POST", path: "/transcode/submit" },
  "media.tasks": { verb: "GET", path: "/transcode/tasks" },
  "transfer.start": { verb: "POST", path: "/transfer" },
  "transfer.list": { verb: "GET", path: "/transfer" },
  "transfer.damaged": { verb: "GET", path: "/transfer/damaged" },
  "transfer.stores": { verb: "GET", path: "/transfer/stores" },
  "transfer.get": { verb: "GET", path: "/transfer/{id}" },
  "transfer.cancel": { verb: "POST", path: "/transfer/{id}/cancel" },
  "transfer.pause": { verb: "POST", path: "/transfer/{id}/pause" },
  "transfer.resume": { verb: "POST", path: "/transfer/{id}/resume" },
  "message.updates": { verb: "GET", path: "/updates" },
  "message.unread": { verb: "GET", path: "/updates/unread" },
  "upload.send": { verb: "POST", path: "/upload" },
  "upload.chunk": { verb: "POST", path: "/upload/chunk" },
  "upload.importUrl": { verb: "POST", path: "/upload/import" },
  "upload.imports": { verb: "GET", path: "/upload/import" },
  "upload.importStatus": { verb: "GET", path: "/upload/import/{id}" },
  "upload.cancelImport": { verb: "DELETE", path: "/upload/import/{id}" },
  "upload.init": { verb: "POST", path: "/upload/init" },
  "upload.list": { verb: "GET", path: "/upload/list" },
  "upload.usage": { verb: "GET", path: "/upload/usage" },
  "upload.cancel": { verb: "DELETE", path: "/upload/{id}" },
  "upload.chunks": { verb: "GET", path: "/upload/{id}/chunks" },
  "upload.complete": { verb: "POST", path: "/upload/{id}/complete" },
  "upload.prove": { verb: "POST", path: "/upload/{id}/proof" },
  "upload.status": { verb: "GET", path: "/upload/{id}/status" },
  "relation.blacklist": { verb: "GET", path: "/users/blacklist" },
  "relation.block": { verb: "POST", path: "/users/blacklist" },
  "relation.unblock": { verb: "DELETE", path: "/users/blacklist/{id}" },
  "user.byName": { verb: "GET", path: "/users/by-name/{username}" },
  "relation.removeFollower": { verb: "DELETE", path: "/users/followers/{id}" },
  "auth.login": { verb: "POST", path: "/users/login" },
  "auth.logout": { verb: "POST", path: "/users/logout" },
  "interaction.channelAnalytics": { verb: "GET", path: "/users/me/analytics" },
  "interaction.ownComments": { verb: "GET", path: "/users/me/comments" },
  "interaction.continueWatching": { verb: "GET", path: "/users/me/continue-watching" },
  "interaction.ownDanmaku": { verb: "GET", path: "/users/me/danmaku" },
  "relation.followRequests": { verb: "GET", path: "/users/me/follow-requests" },
  "relation.answerFollowRequest": { verb: "POST", path: "/users/me/follow-requests/{user_id}" },
  "recommend.notInterested": { verb: "GET", path: "/users/me/not-interested" },
  "live.requestPayout": { verb: "POST", path: "/users/me/payouts" },
  "live.ownPayouts": { verb: "GET", path: "/users/me/payouts" },
  "interaction.receivedComments": { verb: "GET", path: "/users/me/received-comments" },
  "video.changeMany": { verb: "PUT", path: "/users/me/videos" },
  "live.wallet": { verb: "GET", path: "/users/me/wallet" },
  "live.statement": { verb: "GET", path: "/users/me/wallet/statement" },
  "auth.register": { verb: "POST", path: "/users/register" },
  "relation.suggestions": { verb: "GET", path: "/users/suggestions" },
  "user.get": { verb: "GET", path: "/users/{id}" },
  "user.update": { verb: "PUT", path: "/users/{id}" },
  "message.conversationWith": { verb: "GET", path: "/users/{id}/conversation" },
  "interaction.folders": { verb: "GET", path: "/users/{id}/favorite-folders" },
  "interaction.favorites": { verb: "GET", path: "/users/{id}/favorites" },
  "relation.follow": { verb: "POST", path: "/users/{id}/follow" },
  "relation.unfollow": { verb: "DELETE", path: "/users/{id}/follow" },
  "relation.followers": { verb: "GET", path: "/users/{id}/followers" },
  "relation.following": { verb: "GET", path: "/users/{id}/following" },
  "relation.friends": { verb: "GET", path: "/users/{id}/friends" },
  "interaction.likes": { verb: "GET", path: "/users/{id}/likes" },
  "live.ofUser": { verb: "GET", path: "/users/{id}/lives" },
  "video.playlistsOf": { verb: "GET", path: "/users/{id}/playlists" },
  "video.ofUser": { verb: "GET", path: "/users/{id}/videos" },
  "video.create": { verb: "POST", path: "/videos" },
  "recommend.videos": { verb: "GET", path: "/videos" },
  "video.categories": { verb: "GET", path: "/videos/categories" },
  "video.ofCategory": { verb: "GET", path: "/videos/categories/{id}/videos" },
  "video.get": { verb: "GET", path: "/videos/{id}" },
  "video.update": { verb: "PUT", path: "/videos/{id}" },
  "video.remove": { verb: "DELETE", path: "/videos/{id}" },
  "interaction.videoAnalytics": { verb: "GET", path: "/videos/{id}/analytics" },
  "interaction.comments": { verb: "GET", path: "/videos/{id}/comments" },
  "interaction.say": { verb: "POST", path: "/videos/{id}/comments" },
  "interaction.danmaku": { verb: "GET", path: "/videos/{id}/danmaku" },
  "interaction.sayAt": { verb: "POST", path: "/videos/{id}/danmaku" },
  "interaction.favorite": { verb: "POST", path: "/videos/{id}/favorite" },
  "interaction.unfavorite": { verb: "DELETE", path: "/videos/{id}/favorite" },
  "interaction.like": { verb: "POST", path: "/videos/{id}/like" },
  "interaction.unlike": { verb: "DELETE", path: "/videos/{id}/like" },
  "video.replaceMedia": { verb: "PUT", path: "/videos/{id}/media" },
  "video.keepMedia": { verb: "DELETE", path: "/videos/{id}/media" },
  "recommend.markNotInterested": { verb: "POST", path: "/videos/{id}/not-interested" },
  "recommend.unmarkNotInterested": { verb: "DELETE", path: "/videos/{id}/not-interested" },
  "interaction.play": { verb: "POST", path: "/videos/{id}/play" },
  "video.publish": { verb: "POST", path: "/videos/{id}/publish" },
  "recommend.related": { verb: "GET", path: "/videos/{id}/related" },
  "interaction.share": { verb: "POST", path: "/videos/{id}/share" },
  "video.statistics": { verb: "GET", path: "/videos/{id}/statistics" },
  "interaction.days": { verb: "GET", path: "/videos/{id}/statistics/days" },
  "video.unlock": { verb: "POST", path: "/videos/{id}/unlock" },
  "message.ticket": { verb: "POST", path: "/ws/ticket" },
} as const satisfies Record<OperationId, { verb: "GET" | "POST" | "PUT" | "DELETE"; path: string }>;
