import type { LiveChatSettings, LiveMessage } from "#base/api/types.ts";
import { type Batch, type Fields, fieldsIn, type Frame, frameOfMessage, numberIn, textIn } from "./frames.ts";
import { type ChatLine, lineOf, type RoomLine, withLine } from "./lines.ts";

/** How a room's chat may be used. */
export interface Rules {
  readonly isOpen: boolean;
  /** Seconds between two messages of one viewer; 0 is off. */
  readonly slowModeS: number;
  readonly followersOnly: boolean;
  readonly holdLinks: boolean;
}

/** The known state of a room. */
export interface RoomFeed {
  readonly lines: readonly RoomLine[];
  /** How far the sequence was received without a gap: a lost connection resumes after it. */
  readonly seq: number;
  readonly pinned: ChatLine | null;
  readonly rules: Rules | null;
  readonly mayModerate: boolean;
  /** Until when this viewer may not write, in ms; `Infinity` where it has no end. */
  readonly mutedUntilMs: number;
  readonly isBanned: boolean;
  readonly hasEnded: boolean;
  /** Null until the room has said so. */
  readonly onlineCount: number | null;
  readonly likeCount: number | null;
  /** The last arrival, and the number of those before it that were not shown. */
  readonly arrival: { readonly name: string; readonly atMs: number } | null;
  /** Grows with each message that is held for this moderator. */
  readonly heldCount: number;
  /** Too much was missed: the room has to be read anew. */
  readonly isStale: boolean;
}

export const emptyFeed: RoomFeed = {
  lines: [],
  seq: 0,
  pinned: null,
  rules: null,
  mayModerate: false,
  mutedUntilMs: 0,
  isBanned: false,
  hasEnded: false,
  onlineCount: null,
  likeCount: null,
  arrival: null,
  heldCount: 0,
  isStale: false,
};

export interface Snapshot {
  /** The newest first. */
  readonly messages: readonly LiveMessage[];
  readonly pinned: LiveMessage | null;
  readonly settings: LiveChatSettings;
}

/** The room as it is now: of what was known, only what no snapshot has stays. Pure. */
export function withSnapshot(feed: RoomFeed, { messages, pinned, settings }: Snapshot): RoomFeed {
  const frames = messages.map(frameOfMessage).toSorted((a, b) => a.seq - b.seq);
  const lines = frames.flatMap((frame) => lineOf(frame) ?? []);
  const pinnedLine = pinned === null ? undefined : lineOf(frameOfMessage(pinned));
  return {
    ...feed,
    lines: lines.reduce<readonly RoomLine[]>((all, line) => withLine(all, line), []),
    seq: frames.at(-1)?.seq ?? 0,
    pinned: pinnedLine?.kind === "chat" ? pinnedLine : null,
    rules: {
      isOpen: settings.is_open,
      slowModeS: settings.slow_mode,
      followersOnly: settings.followers_only,
      holdLinks: settings.hold_links,
    },
    mayModerate: settings.may_moderate,
    isStale: false,
  };
}

/** A message that the viewer wrote, as the server answered; how far was received does not change by it. Pure. */
export function withSaid(feed: RoomFeed, message: LiveMessage): RoomFeed {
  const line = lineOf(frameOfMessage(message));
  return line === undefined ? feed : { ...feed, lines: withLine(feed.lines, line) };
}

/** The state after a batch, for the viewer `me` (0 is a visitor). Pure. */
export function withBatch(feed: RoomFeed, { frames, seq }: Batch, me: number): RoomFeed {
  const after = frames.reduce((now, frame) => withFrame(now, frame, me), feed);
  return seq > after.seq && !after.isStale ? { ...after, seq } : after;
}

function withFrame(feed: RoomFeed, frame: Frame, me: number): RoomFeed {
  const { type, payload, userId, username, atMs } = frame;
  switch (type) {
    case "chat":
    case "gift": {
      const line = lineOf(frame);
      return line === undefined ? feed : { ...feed, lines: withLine(feed.lines, line) };
    }
    case "gift_text":
      return withGiftText(feed, numberIn(payload, "seq"), textIn(payload, "message"));
    case "deleted":
      return withoutMessage(feed, numberIn(payload, "seq"));
    case "pin":
      return { ...feed, pinned: pinnedOf(frame, feed.lines) };
    case "unpin":
      return { ...feed, pinned: null };
    case "room":
      return { ...feed, rules: rulesOf(fieldsIn(payload, "chat")) ?? feed.rules };
    case "restricted":
    case "released":
      return numberIn(payload, "user_id") === me && me !== 0 ? withRestriction(feed, type, payload) : feed;
    case "moderator":
      if (numberIn(payload, "user_id") !== me || me === 0) return feed;
      return { ...feed, mayModerate: payload["is_moderator"] === true };
    case "like":
      return { ...feed, likeCount: numberIn(payload, "total") };
    case "online":
      return { ...feed, onlineCount: numberIn(payload, "count") };
    case "user_joined":
      return userId === me ? feed : { ...feed, arrival: { name: username, atMs } };
    case "held":
      // Its writer has the answer to the request.
      return payload["id"] === undefined ? feed : { ...feed, heldCount: feed.heldCount + 1 };
    case "gap":
      return { ...feed, isStale: true };
    case "ended":
      return { ...feed, hasEnded: true };
    default:
      return feed;
  }
}

/** The words of a gift were allowed or deleted; the gift stays. */
const withGiftText = (feed: RoomFeed, seq: number, text: string): RoomFeed => ({
  ...feed,
  lines: feed.lines.map((line) => (line.kind === "gift" && line.seq === seq ? { ...line, text } : line)),
});

const withoutMessage = (feed: RoomFeed, seq: number): RoomFeed => ({
  ...feed,
  lines: feed.lines.filter((line) => line.seq !== seq),
  pinned: feed.pinned?.seq === seq ? null : feed.pinned,
});

function withRestriction(feed: RoomFeed, type: "restricted" | "released", payload: Fields): RoomFeed {
  const isBan = textIn(payload, "kind") === "ban";
  if (type === "released") return isBan ? { ...feed, isBanned: false } : { ...feed, mutedUntilMs: 0 };
  if (isBan) return { ...feed, isBanned: true };
  const untilMs = numberIn(payload, "until") || Date.parse(textIn(payload, "until"));
  return { ...feed, mutedUntilMs: untilMs || Number.POSITIVE_INFINITY };
}

/** The message that was pinned: the one of the list, or else what is said of it. */
function pinnedOf({ payload, userId, atMs }: Frame, lines: readonly RoomLine[]): ChatLine | null {
  const seq = numberIn(payload, "seq");
  const shownLine = lines.find((line) => line.seq === seq);
  if (shownLine?.kind === "chat") return shownLine;
  const line = lineOf({ type: "chat", payload, seq, userId, username: textIn(payload, "username"), atMs });
  return line?.kind === "chat" ? line : null;
}

function rulesOf(chat: Fields | undefined): Rules | undefined {
  if (chat === undefined) return undefined;
  return {
    isOpen: chat["is_open"] === true,
    slowModeS: numberIn(chat, "slow_mode"),
    followersOnly: chat["followers_only"] === true,
    holdLinks: chat["hold_links"] === true,
  };
}
