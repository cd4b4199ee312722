import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { WebSocket } from "ws";
import { until } from "../until.ts";
import {
  type Account,
  type Answered,
  clip,
  type Document,
  operationsOf,
  password,
  Platform,
  type Schema,
  type Verb,
} from "../platform/platform.ts";

const states = [
  "public",
  "unlisted",
  "private",
  "followers",
  "password",
  "processing",
  "held",
  "removed",
  "deleted",
  "absent",
] as const;
const actors = [
  "anonymous",
  "other",
  "follower",
  "blocked",
  "moderator",
  "admin",
  "owner",
  "fan",
  "expired",
  "banned",
] as const;
type State = (typeof states)[number];
type Actor = (typeof actors)[number];

/**
 * The expected answers about a video, by its state and its caller: everybody who signed in but `fan`, who commented,
 * liked and kept it while it was public, and `blocked`, whom its owner blocks, is what their name says. `in` and `out`
 * say whether a list or page shows it.
 */
const patterns: Readonly<Record<string, string>> = {
  // Asked for by its address.
  read: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      200       200   200      200     200       200   200   200 401     401
    unlisted    200       200   200      200     200       200   200   200 401     401
    private     404       404   404      404     404       404   200   404 401     401
    followers   404       404   200      404     200       200   200   404 401     401
    password    403       403   403      403     200       200   200   403 401     401
    processing  404       404   404      404     404       404   200   404 401     401
    held        404       404   404      404     404       404   200   404 401     401
    removed     404       404   404      404     404       404   200   404 401     401
    deleted     404       404   404      404     404       404   404   404 401     401
    absent      404       404   404      404     404       404   404   404 401     401`,
  // A user with a name acts on it.
  write: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       200   200      200     200       200   200   200 401     401
    unlisted    401       200   200      200     200       200   200   200 401     401
    private     401       404   404      404     404       404   200   404 401     401
    followers   401       404   200      404     200       200   200   404 401     401
    password    401       403   403      403     200       200   200   403 401     401
    processing  401       404   404      404     404       404   200   404 401     401
    held        401       404   404      404     404       404   200   404 401     401
    removed     401       404   404      404     404       404   200   404 401     401
    deleted     401       404   404      404     404       404   404   404 401     401
    absent      401       404   404      404     404       404   404   404 401     401`,
  // Something is said on it.
  speak: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       200   200      403     200       200   200   200 401     401
    unlisted    401       200   200      403     200       200   200   200 401     401
    private     401       404   404      404     404       404   200   404 401     401
    followers   401       404   200      404     200       200   200   404 401     401
    password    401       403   403      403     200       200   200   403 401     401
    processing  401       404   404      404     404       404   200   404 401     401
    held        401       404   404      404     404       404   200   404 401     401
    removed     401       404   404      404     404       404   200   404 401     401
    deleted     401       404   404      404     404       404   404   404 401     401
    absent      401       404   404      404     404       404   404   404 401     401`,
  // Its owner's alone.
  own: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       403   403      403     403       403   200   403 401     401
    unlisted    401       403   403      403     403       403   200   403 401     401
    private     401       404   404      404     404       404   200   404 401     401
    followers   401       404   403      404     403       403   200   404 401     401
    password    401       403   403      403     403       403   200   403 401     401
    processing  401       404   404      404     404       404   200   404 401     401
    held        401       404   404      404     404       404   200   404 401     401
    removed     401       404   404      404     404       404   200   404 401     401
    deleted     401       404   404      404     404       404   404   404 401     401
    absent      401       404   404      404     404       404   404   404 401     401`,
  // Playlists, pictures and bytes under their plain address: what is not public has a token in it.
  bytes: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      200       200   200      200     200       200   200   200 401     401
    unlisted    404       404   404      404     404       404   200   404 401     401
    private     404       404   404      404     404       404   200   404 401     401
    followers   404       404   404      404     404       404   200   404 401     401
    password    404       404   404      404     404       404   200   404 401     401
    processing  404       404   404      404     404       404   200   404 401     401
    held        404       404   404      404     404       404   200   404 401     401
    removed     404       404   404      404     404       404   200   404 401     401
    deleted     404       404   404      404     404       404   404   404 401     401
    absent      404       404   404      404     404       404   404   404 401     401`,
  // The preview of a page, the same for all; pages and previews know no sessions.
  page: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       in      in        in    in    in  in      in
    unlisted    in        in    in       in      in        in    in    in  in      in
    private     out       out   out      out     out       out   out   out out     out
    followers   out       out   out      out     out       out   out   out out     out
    password    out       out   out      out     out       out   out   out out     out
    processing  out       out   out      out     out       out   out   out out     out
    held        out       out   out      out     out       out   out   out out     out
    removed     out       out   out      out     out       out   out   out out     out
    deleted     out       out   out      out     out       out   out   out out     out
    absent      out       out   out      out     out       out   out   out out     out`,
  oembed: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      200       200   200      200     200       200   200   200 401     401
    unlisted    200       200   200      200     200       200   200   200 401     401
    private     404       404   404      404     404       404   404   404 401     401
    followers   404       404   404      404     404       404   404   404 401     401
    password    404       404   404      404     404       404   404   404 401     401
    processing  404       404   404      404     404       404   404   404 401     401
    held        404       404   404      404     404       404   404   404 401     401
    removed     404       404   404      404     404       404   404   404 401     401
    deleted     404       404   404      404     404       404   404   404 401     401
    absent      404       404   404      404     404       404   404   404 401     401`,
  // Lists for everybody: who blocks each other does not meet.
  list: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       out     in        in    in    in  401     401
    unlisted    out       out   out      out     out       out   out   out 401     401
    private     out       out   out      out     out       out   out   out 401     401
    followers   out       out   out      out     out       out   out   out 401     401
    password    out       out   out      out     out       out   out   out 401     401
    processing  out       out   out      out     out       out   out   out 401     401
    held        out       out   out      out     out       out   out   out 401     401
    removed     out       out   out      out     out       out   out   out 401     401
    deleted     out       out   out      out     out       out   out   out 401     401
    absent      out       out   out      out     out       out   out   out 401     401`,
  // The feed of followed authors: the follower alone follows the owner.
  following: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       out   in       out     out       out   out   out 401     401
    unlisted    401       out   out      out     out       out   out   out 401     401
    private     401       out   out      out     out       out   out   out 401     401
    followers   401       out   in       out     out       out   out   out 401     401
    password    401       out   out      out     out       out   out   out 401     401
    processing  401       out   out      out     out       out   out   out 401     401
    held        401       out   out      out     out       out   out   out 401     401
    removed     401       out   out      out     out       out   out   out 401     401
    deleted     401       out   out      out     out       out   out   out 401     401
    absent      401       out   out      out     out       out   out   out 401     401`,
  // A feed for readers, the same for everybody who has no session that is over.
  rss: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       in      in        in    in    in  401     401
    unlisted    out       out   out      out     out       out   out   out 401     401
    private     out       out   out      out     out       out   out   out 401     401
    followers   out       out   out      out     out       out   out   out 401     401
    password    out       out   out      out     out       out   out   out 401     401
    processing  out       out   out      out     out       out   out   out 401     401
    held        out       out   out      out     out       out   out   out 401     401
    removed     out       out   out      out     out       out   out   out 401     401
    deleted     out       out   out      out     out       out   out   out 401     401
    absent      out       out   out      out     out       out   out   out 401     401`,
  // The owner's own list; a follower sees what is for followers.
  videos: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       out     in        in    in    in  401     401
    unlisted    out       out   out      out     out       out   in    out 401     401
    private     out       out   out      out     out       out   in    out 401     401
    followers   out       out   in       out     out       out   in    out 401     401
    password    out       out   out      out     out       out   in    out 401     401
    processing  out       out   out      out     out       out   in    out 401     401
    held        out       out   out      out     out       out   in    out 401     401
    removed     out       out   out      out     out       out   in    out 401     401
    deleted     out       out   out      out     out       out   out   out 401     401
    absent      out       out   out      out     out       out   out   out 401     401`,
  // Likes and favourites of another user: only that user and its owner find an unlisted video there.
  liked: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       out     in        in    in    in  401     401
    unlisted    out       out   out      out     out       out   in    in  401     401
    private     out       out   out      out     out       out   in    out 401     401
    followers   out       out   out      out     out       out   in    out 401     401
    password    out       out   out      out     out       out   in    out 401     401
    processing  out       out   out      out     out       out   in    out 401     401
    held        out       out   out      out     out       out   in    out 401     401
    removed     out       out   out      out     out       out   in    out 401     401
    deleted     out       out   out      out     out       out   out   out 401     401
    absent      out       out   out      out     out       out   out   out 401     401`,
  // Its owner put it there, which hands out the address of what is unlisted.
  playlist: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      in        in    in       out     in        in    in    in  401     401
    unlisted    in        in    in       out     in        in    in    in  401     401
    private     out       out   out      out     out       out   in    out 401     401
    followers   out       out   out      out     out       out   in    out 401     401
    password    out       out   out      out     out       out   in    out 401     401
    processing  out       out   out      out     out       out   in    out 401     401
    held        out       out   out      out     out       out   in    out 401     401
    removed     out       out   out      out     out       out   in    out 401     401
    deleted     out       out   out      out     out       out   out   out 401     401
    absent      out       out   out      out     out       out   out   out 401     401`,
  // The caller's own history, as long as they may see it: the owner, the fan and three more watched it.
  history: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       in    in       out     out       out   in    in  401     401
    unlisted    401       in    in       out     out       out   in    in  401     401
    private     401       out   out      out     out       out   in    out 401     401
    followers   401       out   in       out     out       out   in    out 401     401
    password    401       out   out      out     out       out   in    out 401     401
    processing  401       out   out      out     out       out   in    out 401     401
    held        401       out   out      out     out       out   in    out 401     401
    removed     401       out   out      out     out       out   in    out 401     401
    deleted     401       out   out      out     out       out   out   out 401     401
    absent      401       out   out      out     out       out   out   out 401     401`,
  // Earlier notifications, as long as it is not hidden from most: the fan got an answer, the owner the fan's acts.
  notices: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       out   out      out     out       out   in    in  401     401
    unlisted    401       out   out      out     out       out   in    in  401     401
    private     401       out   out      out     out       out   in    out 401     401
    followers   401       out   out      out     out       out   in    out 401     401
    password    401       out   out      out     out       out   in    out 401     401
    removed     401       out   out      out     out       out   in    out 401     401
    deleted     401       out   out      out     out       out   out   out 401     401
    absent      401       out   out      out     out       out   out   out 401     401`,
  // A report says nothing about what is there; nobody reports their own.
  report: `
    state       anonymous other follower blocked moderator admin owner fan expired banned
    public      401       200   200      200     200       200   403   200 401     401
    unlisted    401       200   200      200     200       200   403   200 401     401
    private     401       200   200      200     200       200   403   200 401     401
    followers   401       200   200      200     200       200   403   200 401     401
    password    401       200   200      200     200       200   403   200 401     401
    removed     401       200   200      200     200       200   403   200 401     401
    deleted     401       200   200      200     200       200   200   200 401     401
    absent      401       200   200      200     200       200   200   200 401     401`,
};

/** The owner asks last: publishing a held video changes it for everybody after. */
const ownerLast = [...actors.filter((actor) => actor !== "owner"), "owner"] as const;
/** Queries come before commands. */
const inOrder = [
  "notices",
  "history",
  "videos",
  "liked",
  "playlist",
  "list",
  "following",
  "rss",
  "page",
  "oembed",
  "bytes",
  "report",
  "read",
  "write",
  "speak",
  "own",
];

describe("the visibility of a video in lists, feeds and updates", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("is covered by a table for every path of a video, comment or stream (S2.2)", async () => {
    const covered = new Set([...Object.values(actions).flatMap(({ line }) => line ?? []), ...elsewhere]);
    const paths = operationsOf(await platform.document())
      .filter(({ path }) => /^\/api\/v1\/(?:videos|comments|streaming)\/\{id\}/.test(path))
      .map(({ verb, path }) => `${verb} ${path}`);
    assert.ok(paths.length > 30, `${paths.length} paths`);
    assert.deepEqual(
      paths.filter((path) => !covered.has(path)),
      [],
    );
  });

  it("is covered by a table for every list and answer with videos or comments (S2.2, S2.3)", async () => {
    const document = await platform.document();
    const rows = Object.values(actions).flatMap(({ line, list }) => line ?? list?.() ?? []);
    const covered = new Set([...rows.map(templateOf), ...elsewhere, ...byNumber]);
    const showing = operationsOf(document).filter(
      ({ verb, responses }) =>
        verb === "GET" && shows(document, responses["200"]?.content?.["application/json"]?.schema),
    );
    assert.ok(showing.length > 18, `${showing.length} operations`);
    assert.deepEqual(
      showing.map(({ path }) => `GET ${path}`).filter((line) => !covered.has(line)),
      [],
    );
  });

  it("reveals no hashtag of hidden videos alone, and counts no hidden video under a hashtag (S2.3)", async () => {
    for (const actor of ["anonymous", "other", "follower", "admin", "fan"] as const) {
      for (const line of [
        "GET /api/v1/search/suggestions?q=secretive",
        "GET /api/v1/search/hashtags?q=secretive",
        "GET /api/v1/search?q=secretive",
        "GET /api/v1/hashtags/hot",
        "GET /api/v1/hashtags/trending",
        "GET /api/v1/search/hot",
      ])
        assert.doesNotMatch((await done(actor, line)).text, /secretiveplace/, `${actor} ${line}`);
      assert.equal((await ask(actor, "GET /api/v1/hashtags/by-name/secretiveplace")).status, 404);
      const { data } = await done(actor, "GET /api/v1/hashtags/by-name/tagged");
      assert.equal(data["video_count"], 1, "the public one");
    }
  });

  it("has the covers of trending hashtags of nothing that lists hide (S2.2, S2.3)", async () => {
    for (const actor of actors) {
      const { text } = await ask(actor, trendingTags);
      // Only as the video of a cover: a hashtag's own id may be the same number.
      for (const { state, expected } of rowsOf(patterns["list"] ?? ""))
        if (expected[actor] === "out")
          assert.doesNotMatch(text, new RegExp(`"video_id":${ids[state]}\\b`), `${actor} ${state}`);
    }
  });

  it("follows the tables over the network, for all bytes and five other actions (S2.2)", async () => {
    const over = new Set(["detail", "comments", "danmaku", "address", "oembed"]);
    let cells = 0;
    for (const [action, { pattern, line }] of Object.entries(actions)) {
      if (line?.startsWith("GET ") !== true || (pattern !== "bytes" && !over.has(action))) continue;
      for (const { state, expected } of rowsOf(patterns[pattern] ?? ""))
        for (const actor of actors) {
          const token = tokens[actor];
          const path = addressed(actions[action]?.asked ?? "", state).replace("GET ", "");
          const answer = await fetch(`http://127.0.0.1:${port}${path.replace("localhost:80", `127.0.0.1:${port}`)}`, {
            headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
          });
          await answer.arrayBuffer();
          assert.equal(String(answer.status), expected[actor], `${action} ${actor} ${state}`);
          cells += 1;
        }
    }
    assert.ok(cells >= 800, `${cells} cells`);
  });

  for (const pattern of inOrder)
    it(`follows the table of ${pattern}, and treats a hidden video like an absent one (S2.2, S2.3, S2.4)`, async () => {
      const wrong: string[] = [];
      const own = Object.entries(actions).filter(([, one]) => one.pattern === pattern);
      assert.ok(own.length > 0);
      for (const [action, { act }] of own) {
        const ofAbsent = new Map<Actor, Answered | string>();
        for (const { state, expected } of rowsOf(patterns[pattern] ?? ""))
          for (const actor of ownerLast) {
            const result = await act(actor, state);
            const outcome = typeof result === "string" ? result : String(result.status);
            if (outcome !== expected[actor])
              wrong.push(`${action}, ${state}, ${actor}: ${outcome} and not ${expected[actor]}`);
            if (typeof result === "string" || result.status !== 404) continue;
            const absent = ofAbsent.get(actor) ?? (await act(actor, "absent"));
            ofAbsent.set(actor, absent);
            const like = typeof absent === "string" ? absent : bare(absent);
            assert.deepEqual(bare(result), like, `${action} ${actor} ${state}`);
          }
      }
      assert.deepEqual(wrong, []);
    });
});

const platform = new Platform();
const absentId = 4_444_444_444_444_444;
const ids = { absent: absentId } as Record<State, number>; // The others are put in before the first case.
const comments = {} as Record<State, number>;
const tokens = {} as Record<Actor, string | undefined>;
let owner: Account;
let fan: Account;
let playlist = 0;
let tag = 0;
let port = 0;
let folder = 0;
let reader = 0;
let profile = "";
let captions = "";
let segment = "";
const generations = new Map<number, number>();

const ask = (actor: Actor, line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> => {
  const [method, url = ""] = line.split(" ");
  const token = tokens[actor];
  return platform.ask(url, {
    method: method as Verb,
    headers,
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
};
const done = async (actor: Actor, line: string, body?: unknown): Promise<Answered> => {
  const answer = await ask(actor, line, body);
  assert.equal(answer.status, 200, `${actor} ${line}: ${answer.text}`);
  return answer;
};

type Act = (actor: Actor, state: State) => Promise<Answered | string>;
interface Action {
  /** The pattern of its answers. */
  readonly pattern: string;
  /** The operation, as the document of the API writes it. */
  readonly line?: string;
  /** The same of a list, with numbers where the document has names. */
  readonly list?: () => string;
  /** The request, with names where the video's own stand. */
  readonly asked?: string;
  readonly act: Act;
}

const addressed = (line: string, state: State): string =>
  line
    .replace(":video", String(ids[state]))
    .replace(":comment", String(comments[state] ?? absentId))
    .replace(":generation", `g${generations.get(ids[state]) ?? 1}`)
    .replace(":profile", profile)
    .replace(":captions", captions)
    .replace(":file", segment);
const inDocument = (asked: string): string =>
  asked
    .replace(/\?.*/, "")
    .replace(/:video|:comment/, "{id}")
    .replace(/:generation\/.*/, "{generation}/{file}")
    .replace(":profile", "{profile}");

const direct = (pattern: string, asked: string, body?: object): Action => ({
  pattern,
  asked,
  line: inDocument(asked),
  act: (actor, state) => ask(actor, addressed(asked, state), body),
});
/** An account asks for its list once, as the answer is the same for every video. */
function listed(pattern: string, line: () => string): Action {
  const answers = new Map<Actor, Promise<Answered>>();
  return {
    pattern,
    list: line,
    async act(actor, state) {
      const asked = answers.get(actor) ?? ask(actor, line());
      answers.set(actor, asked);
      const answer = await asked;
      return answer.status === 200 ? named(answer.text, state) : answer;
    },
  };
}
const named = (text: string, state: State): "in" | "out" =>
  new RegExp(`(?:"(?:video_)?id":|/watch/)${ids[state]}\\b`).test(text) ? "in" : "out";

/** All a socket says that asks from the beginning; kept, for it is the same for every video. */
const updates = new Map<Actor, Promise<string>>();
async function overSocket(actor: Actor): Promise<string> {
  const { data } = await done(actor, "GET /api/v1/updates?after=0&limit=100");
  const last = (data["list"] as { readonly seq: number }[]).at(-1)?.seq; // As the contract says.
  const ticket = String((await done(actor, "POST /api/v1/ws/ticket")).data["ticket"]);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/ws?ticket=${ticket}&after=0`);
  let received = "";
  socket.on("message", (bytes: Buffer) => void (received += bytes.toString()));
  try {
    await until(() => received.includes(last === undefined ? '"hello"' : `"seq":${last},`), { said: () => received });
  } finally {
    socket.terminate();
  }
  return received;
}
const page = (line: string): Action => ({
  pattern: "page",
  async act(actor, state) {
    const { status, text } = await ask(actor, addressed(line, state));
    return status === 200 && text.includes("zebra") ? "in" : "out";
  },
});

/** The category of all the videos here. */
const categoryId = 8;

/** In this order: what only looks comes before what changes. */
const actions: Readonly<Record<string, Action>> = {
  notices: listed("notices", () => "GET /api/v1/notifications?page_size=100"),
  updates: listed("notices", () => "GET /api/v1/updates?after=0&limit=100"),
  socket: {
    pattern: "notices",
    line: "GET /api/v1/ws",
    async act(actor, state) {
      const session = await ask(actor, "GET /api/v1/updates/unread");
      if (session.status !== 200) return ask(actor, "GET /api/v1/ws");
      const received = updates.get(actor) ?? overSocket(actor);
      updates.set(actor, received);
      return named(await received, state);
    },
  },
  "own history": listed("history", () => "GET /api/v1/history?page_size=100"),
  "videos to continue": listed("history", () => "GET /api/v1/users/me/continue-watching?limit=50"),
  "videos of the owner": listed("videos", () => `GET /api/v1/users/${owner.id}/videos?page_size=100`),
  "likes of the fan": listed("liked", () => `GET /api/v1/users/${fan.id}/likes?page_size=100`),
  "favourites of the fan": listed("liked", () => `GET /api/v1/users/${fan.id}/favorites?page_size=100`),
  "a folder of the fan": listed(
    "liked",
    () => `GET /api/v1/users/${fan.id}/favorites?folder_id=${folder}&page_size=100`,
  ),
  playlist: listed("playlist", () => `GET /api/v1/playlists/${playlist}/items?page_size=100`),
  hashtag: listed("list", () => `GET /api/v1/hashtags/${tag}/videos?page_size=100`),
  "hot under a hashtag": listed("list", () => `GET /api/v1/hashtags/${tag}/videos?sort=hot&page_size=100`),
  category: listed("list", () => `GET /api/v1/videos/categories/${categoryId}/videos?page_size=100`),
  search: listed("list", () => "GET /api/v1/search/videos?q=zebra&page_size=100"),
  "search in everything": listed("list", () => "GET /api/v1/search?q=zebra&page_size=100"),
  explore: listed("list", () => "GET /api/v1/videos?page_size=100"),
  "the most viewed": listed("list", () => "GET /api/v1/videos?sort=popular&page_size=100"),
  feed: listed("list", () => "GET /api/v1/recommend/feed?limit=50"),
  "feed of hot videos": listed("list", () => "GET /api/v1/recommend/hot?limit=50"),
  "feed of followed authors": listed("following", () => "GET /api/v1/recommend/following?limit=50"),
  "feed of a user for readers": listed("rss", () => `GET /feeds/users/${owner.name}`),
  "feed of a hashtag for readers": listed("rss", () => "GET /feeds/hashtags/tagged"),
  "card of its page": page("GET /watch/:video"),
  "page for frames": page("GET /embed/:video"),
  oembed: direct("oembed", "GET /api/v1/oembed?url=http://localhost:80/watch/:video"),
  detail: direct("read", "GET /api/v1/videos/:video"),
  comments: direct("read", "GET /api/v1/videos/:video/comments"),
  comment: direct("read", "GET /api/v1/comments/:comment"),
  replies: direct("read", "GET /api/v1/comments/:comment/replies"),
  danmaku: direct("read", "GET /api/v1/videos/:video/danmaku?bucket=0"),
  address: direct("read", "GET /api/v1/streaming/:video/address"),
  HLS: direct("bytes", "GET /api/v1/streaming/:video/master.m3u8"),
  "HLS of a rendition": direct("bytes", "GET /api/v1/streaming/:video/:profile/index.m3u8"),
  DASH: direct("bytes", "GET /api/v1/streaming/:video/manifest.mpd"),
  storyboard: direct("bytes", "GET /api/v1/streaming/:video/storyboard.vtt"),
  "storyboard's pictures": direct("bytes", "GET /api/v1/streaming/:video/:generation/storyboard-1.jpg"),
  preview: direct("bytes", "GET /api/v1/streaming/:video/:generation/preview.avif"),
  waveform: direct("bytes", "GET /api/v1/streaming/:video/:generation/waveform.json"),
  chapters: direct("bytes", "GET /api/v1/streaming/:video/chapters.vtt"),
  cover: direct("bytes", "GET /api/v1/streaming/:video/:generation/cover.jpg"),
  captions: direct("bytes", "GET /api/v1/streaming/:video/:generation/:captions"),
  segments: direct("bytes", "GET /api/v1/streaming/:video/:generation/:file"),
  download: direct("bytes", "GET /api/v1/streaming/:video/:generation/source"),
  statistics: direct("own", "GET /api/v1/videos/:video/statistics"),
  analytics: direct("own", "GET /api/v1/videos/:video/analytics"),
  "statistics by day": direct("own", "GET /api/v1/videos/:video/statistics/days"),
  related: direct("read", "GET /api/v1/videos/:video/related"),
  share: direct("read", "POST /api/v1/videos/:video/share"),
  play: direct("read", "POST /api/v1/videos/:video/play", { position: 2 }),
  like: direct("write", "POST /api/v1/videos/:video/like"),
  keep: direct("write", "POST /api/v1/videos/:video/favorite"),
  "like of a comment": direct("write", "POST /api/v1/comments/:comment/like"),
  "unlike of a comment": direct("write", "DELETE /api/v1/comments/:comment/like"),
  "comments made": direct("speak", "POST /api/v1/videos/:video/comments", { content: "so it is" }),
  "danmaku made": direct("speak", "POST /api/v1/videos/:video/danmaku", { position: 1, content: "so" }),
  pin: direct("own", "PUT /api/v1/comments/:comment/pin"),
  unpin: direct("own", "DELETE /api/v1/comments/:comment/pin"),
  report: {
    pattern: "report",
    act: (actor, state) => ask(actor, "POST /api/v1/reports", { kind: "video", id: ids[state], reason: "other" }),
  },
  message: {
    pattern: "write",
    act: (actor, state) =>
      ask(actor, "POST /api/v1/messages", { receiver_id: reader, content: "look", type: 3, video_id: ids[state] }),
  },
  "playlist made": {
    pattern: "write",
    async act(actor, state) {
      const response = await ask(actor, "POST /api/v1/playlists", { title: "Mine" });
      if (response.status !== 200) return response;
      return ask(actor, `POST /api/v1/playlists/${String(response.data["id"])}/items`, { video_id: ids[state] });
    },
  },
  publication: direct("own", "POST /api/v1/videos/:video/publish"),
};

/** Rows of other tables: what is about the owner's changes, and what needs the password. */
const trendingTags = "GET /api/v1/hashtags/trending";
const elsewhere = [
  trendingTags,
  "PUT /api/v1/videos/{id}",
  "DELETE /api/v1/videos/{id}",
  "DELETE /api/v1/videos/{id}/like",
  "DELETE /api/v1/videos/{id}/favorite",
  // A caller's lack of interest is missing in the tables of lists: src/gateway/rest/feeds.test.ts.
  "POST /api/v1/videos/{id}/not-interested",
  "DELETE /api/v1/videos/{id}/not-interested",
  "GET /api/v1/users/me/not-interested",
  "GET /api/v1/recommend/signals",
  "PUT /api/v1/videos/{id}/media",
  "DELETE /api/v1/videos/{id}/media",
  "POST /api/v1/videos/{id}/unlock",
  "DELETE /api/v1/comments/{id}",
  // These are for the author alone, and about the caller's own videos: edited-and-received.test.ts and
  // analytics.test.ts.
  "PUT /api/v1/comments/{id}",
  "GET /api/v1/users/me/analytics",
  "GET /api/v1/users/me/received-comments",
  "GET /api/v1/users/me/comments",
  "GET /api/v1/users/me/danmaku",
  // Live rooms have a table of their own: src/services/live/live.test.ts.
  "GET /api/v1/lives",
  "GET /api/v1/lives/{id}",
  "GET /api/v1/lives/{id}/playback",
  ...["chat", "events", "messages", "pinned", "held", "guests", "moderators", "restrictions", "ws"].map(
    (part) => `GET /api/v1/lives/{id}/${part}`,
  ),
  "GET /api/v1/users/{id}/lives",
  "GET /api/v1/search/lives",
  "GET /api/v1/lives/{id}/gifts",
  "GET /api/v1/lives/{id}/rank",
  "GET /api/v1/lives/{id}/products",
  // Those of the owner alone: src/services/live/stage/clips/clips.test.ts.
  "GET /api/v1/lives/{id}/clips",
  "GET /api/v1/lives/{id}/orders",
  "GET /api/v1/lives/{id}/viewers",
  "GET /api/v1/users/me/wallet/statement",
  "GET /api/v1/users/me/payouts",
  // Media objects are their owner's alone: visibility.test.ts.
  "GET /api/v1/media/{id}",
  "GET /api/v1/streaming/media/{id}/address",
  // The view of moderators is in moderation.test.ts.
  "GET /api/v1/moderation/queue",
  "GET /api/v1/moderation/queue/{id}",
  "GET /api/v1/moderation/queue/{id}/history",
  "GET /api/v1/moderation/appeals",
];
/** A sent message stays as it was sent: the number of a video, and nothing else of it. */
const byNumber = [
  "GET /api/v1/messages/{id}",
  "GET /api/v1/conversations",
  "GET /api/v1/conversations/{id}",
  "GET /api/v1/conversations/{id}/messages",
];

const templateOf = (line: string): string => line.replace(/\?.*/, "").replaceAll(/\/\d+(?=\/|$)/g, "/{id}");

/** True if an answer has a video in it, or something below one. */
function shows(document: Document, schema: Schema | undefined, seen = new Set<string>()): boolean {
  if (!schema) return false;
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) {
    if (seen.has(name)) return false;
    return shows(document, document.components.schemas[name], seen.add(name));
  }
  const properties = schema.properties ?? {};
  if ("video_id" in properties || "hls_url" in properties) return true;
  return [...Object.values(properties), ...(schema.anyOf ?? []), schema.items].some((one) =>
    shows(document, one, seen),
  );
}

interface Row {
  readonly state: State;
  readonly expected: Readonly<Record<Actor, string>>;
}
function rowsOf(text: string): Row[] {
  const [head = "", ...rows] = text.trim().split("\n");
  assert.deepEqual(head.trim().split(/\s+/).slice(1), [...actors]);
  return rows.map((row) => {
    const [state = "", ...cells] = row.trim().split(/\s+/);
    const expected = Object.fromEntries(actors.map((actor, place) => [actor, cells[place] ?? ""]));
    return { state, expected } as Row; // Its words are those of the head and of `states`.
  });
}

/** An answer without what differs from one request to the next. */
function bare({ status, headers, text }: Answered): object {
  const { "x-request-id": _, date: __, ...same } = headers;
  return { status, headers: same, text: text.replace(/"trace_id":"[0-9a-f]{32}"/, "") };
}

async function prepare(): Promise<void> {
  await platform.open();
  port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  [owner, fan] = [await platform.join("owner"), await platform.join("fan")];
  const others = {} as Record<Actor, Account>;
  for (const name of ["other", "follower", "blocked", "moderator", "expired", "banned"] as const)
    others[name] = await platform.join(`the${name}`);
  const admin = await platform.administrator();
  for (const [name, { token }] of Object.entries({ ...others, owner, fan, admin })) tokens[name as Actor] = token;
  await sql`UPDATE credentials SET role = 'moderator' WHERE user_id = ${others.moderator.id}`.execute(
    platform.host.database("auth"),
  );
  const signIn = { username: others.moderator.name, password };
  tokens.moderator = String((await done("anonymous", "POST /api/v1/users/login", signIn)).data["token"]);

  const film = { name: "a.mp4", bytes: await clip("quiet-audio.mp4") };
  const first = await platform.upload("/api/v1/videos", owner.token, film, { title: "kept by nobody" });
  const mediaId = Number(first.data["media_id"]);
  await platform.host.drain();
  const text = "WEBVTT\n\n00:00.000 --> 00:02.000\nA zebra\n";
  const titled = await done("owner", `POST /api/v1/media/${mediaId}/captions`, { language: "en", text });
  const response = await done("owner", "POST /api/v1/playlists", { title: "All", visibility: "public" });
  playlist = Number(response.data["id"]);
  for (const state of states) {
    if (state === "absent") continue;
    const description = "0:00 one\n0:10 two\n0:20 three";
    const body = { title: `${state} zebra #tagged`, media_id: mediaId, description, category_id: categoryId };
    ids[state] = Number((await done("owner", "POST /api/v1/videos", body)).data["id"]);
  }
  await done("owner", "POST /api/v1/videos", { title: "#secretiveplace", media_id: mediaId, visibility: "private" });
  await platform.host.drain();
  folder = Number((await done("fan", "POST /api/v1/favorite-folders", { name: "Zebras" })).data["id"]);
  reader = (await platform.join("reader")).id;
  for (const state of states) {
    if (state === "absent") continue;
    const path = `/api/v1/videos/${ids[state]}`;
    const said = await done("fan", `POST ${path}/comments`, { content: "first" });
    comments[state] = Number(said.data["id"]);
    await done("owner", `POST ${path}/comments`, { content: "thanks", parent_id: comments[state] });
    await done("fan", `POST ${path}/danmaku`, { position: 1, content: "here" });
    await done("fan", `POST ${path}/like`);
    await done("fan", `POST ${path}/favorite`, { folder_id: folder });
    await done("owner", `POST /api/v1/playlists/${playlist}/items`, { video_id: ids[state] });
    for (const actor of ["fan", "other", "follower", "blocked", "owner"] as const)
      await done(actor, `POST ${path}/play`, { position: 4 });
  }
  await done("follower", `POST /api/v1/users/${owner.id}/follow`);
  await done("owner", "POST /api/v1/users/blacklist", { user_id: others.blocked.id });
  await done("expired", "POST /api/v1/users/logout", {});
  for (const state of ["unlisted", "private", "followers", "password"] as const)
    await done("owner", `PUT /api/v1/videos/${ids[state]}`, {
      visibility: state,
      ...(state === "password" && { password: "open sesame" }),
    });
  await done("owner", `DELETE /api/v1/videos/${ids.deleted}`);
  const act = { kind: "video", id: ids.removed, action: "remove", note: "no zebras" };
  await done("moderator", "POST /api/v1/moderation/decisions", act);
  const ban = { kind: "user", id: others.banned.id, action: "ban", note: "no zebras" };
  await done("admin", "POST /api/v1/moderation/decisions", ban);
  await platform.host.drain();
  // States without a time, and their events, are left out: the video waits for its media, or for its owner.
  const video = platform.host.database("video");
  for (const [state, status] of [
    ["processing", 0],
    ["held", 4],
  ] as const)
    await sql`UPDATE videos SET status = ${status}, is_draft = ${status === 4}, published_at_ms = NULL, version = version + 1
              WHERE id = ${ids[state]}`.execute(video);
  for await (const _ of (await platform.host.host()).rebuild()) void _;
  // Chapters want a film that is longer than this one.
  await sql`UPDATE media_states SET duration_ms = 40000`.execute(video);
  const { rows } = await sql<{ id: number; generation: number }>`SELECT id, generation FROM videos`.execute(video);
  for (const { id, generation } of rows) generations.set(id, generation);
  const master = await platform.ask(`/api/v1/streaming/${ids.public}/master.m3u8`);
  profile = master.text.match(/^(\d+p)\/index\.m3u8/m)?.[1] ?? "";
  segment = `${profile}.mp4`;
  captions = `caption-${String(titled.data["id"])}.vtt`;
  tag = Number((await done("anonymous", "GET /api/v1/hashtags/by-name/tagged")).data["id"]);
  await platform.host.drain();
}
