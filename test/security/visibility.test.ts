import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { type Account, type Answered, clip, password, Platform, type Verb } from "../platform/platform.ts";
import { soon } from "../until.ts";

/** A change of who may see something is felt everywhere within this time. */
const withinMs = 10_000;

const states = [
  "public",
  "unlisted",
  "private",
  "followers",
  "password",
  "gated",
  "processing",
  "failed",
  "deleted",
  "absent",
] as const;
const actors = ["anonymous", "other", "owner", "admin", "expired", "follower", "moderator", "unlocked"] as const;
type State = (typeof states)[number];
type Actor = (typeof actors)[number];

/**
 * The expected answer of every action on a video, by what it is and who asks. `in` and `out` say whether a list shows
 * it. A stranger gets 401 first; a session that is over is refused everywhere.
 */
const table = `
  action    state       anonymous  other  owner  admin  expired  follower  moderator  unlocked
  detail    public      200        200    200    200    401      200       200        200
  detail    unlisted    200        200    200    200    401      200       200        200
  detail    private     404        404    200    404    401      404       404        404
  detail    followers   404        404    200    200    401      200       200        404
  detail    password    403        403    200    200    401      403       200        200
  detail    gated       403        403    200    200    401      200       200        403
  detail    processing  404        404    200    404    401      404       404        404
  detail    failed      404        404    200    404    401      404       404        404
  detail    deleted     404        404    404    404    401      404       404        404
  detail    absent      404        404    404    404    401      404       404        404
  list      public      in         in     in     in     401      in        in         in
  list      unlisted    out        out    in     out    401      out       out        out
  list      private     out        out    in     out    401      out       out        out
  list      followers   out        out    in     out    401      in        out        out
  list      password    out        out    in     out    401      out       out        out
  list      gated       out        out    in     in     401      in        in         out
  list      processing  out        out    in     out    401      out       out        out
  list      failed      out        out    in     out    401      out       out        out
  list      deleted     out        out    out    out    401      out       out        out
  feed      public      in         in     in     in     401      in        in         in
  feed      unlisted    out        out    out    out    401      out       out        out
  feed      private     out        out    out    out    401      out       out        out
  feed      followers   out        out    out    out    401      out       out        out
  feed      password    out        out    out    out    401      out       out        out
  feed      gated       out        out    out    out    401      out       out        out
  feed      processing  out        out    in     out    401      out       out        out
  feed      failed      out        out    in     out    401      out       out        out
  feed      deleted     out        out    out    out    401      out       out        out
  like      public      401        200    200    200    401      200       200        401
  like      unlisted    401        200    200    200    401      200       200        401
  like      private     401        404    200    404    401      404       404        401
  like      followers   401        404    200    200    401      200       200        401
  like      password    401        403    200    200    401      403       200        401
  like      gated       401        403    200    200    401      200       200        401
  like      processing  401        404    200    404    401      404       404        401
  like      failed      401        404    200    404    401      404       404        401
  like      deleted     401        404    404    404    401      404       404        401
  like      absent      401        404    404    404    401      404       404        401
  unlike    public      401        200    200    200    401      200       200        401
  unlike    unlisted    401        200    200    200    401      200       200        401
  unlike    private     401        404    200    404    401      404       404        401
  unlike    followers   401        404    200    200    401      200       200        401
  unlike    password    401        403    200    200    401      403       200        401
  unlike    gated       401        403    200    200    401      200       200        401
  unlike    processing  401        404    200    404    401      404       404        401
  unlike    failed      401        404    200    404    401      404       404        401
  unlike    deleted     401        404    404    404    401      404       404        401
  unlike    absent      401        404    404    404    401      404       404        401
  play      public      200        200    200    200    401      200       200        200
  play      unlisted    200        200    200    200    401      200       200        200
  play      private     404        404    200    404    401      404       404        404
  play      followers   404        404    200    200    401      200       200        404
  play      password    403        403    200    200    401      403       200        200
  play      gated       403        403    200    200    401      200       200        403
  play      processing  404        404    200    404    401      404       404        404
  play      failed      404        404    200    404    401      404       404        404
  play      deleted     404        404    404    404    401      404       404        404
  play      absent      404        404    404    404    401      404       404        404
  manifest  public      200        200    200    200    401      200       200        200
  manifest  unlisted    404        404    200    404    401      404       404        404
  manifest  private     404        404    200    404    401      404       404        404
  manifest  followers   404        404    200    404    401      404       404        404
  manifest  password    404        404    200    404    401      404       404        404
  manifest  gated       404        404    200    404    401      404       404        404
  manifest  processing  404        404    200    404    401      404       404        404
  manifest  failed      404        404    200    404    401      404       404        404
  manifest  deleted     404        404    404    404    401      404       404        404
  manifest  absent      404        404    404    404    401      404       404        404
  playlist  public      200        200    200    200    401      200       200        200
  playlist  unlisted    404        404    200    404    401      404       404        404
  playlist  private     404        404    200    404    401      404       404        404
  playlist  followers   404        404    200    404    401      404       404        404
  playlist  password    404        404    200    404    401      404       404        404
  playlist  gated       404        404    200    404    401      404       404        404
  playlist  processing  404        404    200    404    401      404       404        404
  playlist  failed      404        404    200    404    401      404       404        404
  playlist  deleted     404        404    404    404    401      404       404        404
  playlist  absent      404        404    404    404    401      404       404        404
  segment   public      206        206    206    206    401      206       206        206
  segment   unlisted    404        404    206    404    401      404       404        404
  segment   private     404        404    206    404    401      404       404        404
  segment   followers   404        404    206    404    401      404       404        404
  segment   password    404        404    206    404    401      404       404        404
  segment   gated       404        404    206    404    401      404       404        404
  segment   processing  404        404    206    404    401      404       404        404
  segment   failed      404        404    206    404    401      404       404        404
  segment   deleted     404        404    404    404    401      404       404        404
  segment   absent      404        404    404    404    401      404       404        404
  cover     public      200        200    200    200    401      200       200        200
  cover     unlisted    404        404    200    404    401      404       404        404
  cover     private     404        404    200    404    401      404       404        404
  cover     followers   404        404    200    404    401      404       404        404
  cover     password    404        404    200    404    401      404       404        404
  cover     gated       404        404    200    404    401      404       404        404
  cover     processing  404        404    200    404    401      404       404        404
  cover     failed      404        404    200    404    401      404       404        404
  cover     deleted     404        404    404    404    401      404       404        404
  cover     absent      404        404    404    404    401      404       404        404
  original  public      200        200    200    200    401      200       200        200
  original  unlisted    404        404    200    404    401      404       404        404
  original  private     404        404    200    404    401      404       404        404
  original  followers   404        404    200    404    401      404       404        404
  original  password    404        404    200    404    401      404       404        404
  original  gated       404        404    200    404    401      404       404        404
  original  processing  404        404    200    404    401      404       404        404
  original  failed      404        404    200    404    401      404       404        404
  original  deleted     404        404    404    404    401      404       404        404
  original  absent      404        404    404    404    401      404       404        404
  linked    public      200        200    200    200    401      200       200        200
  linked    unlisted    200        200    200    200    401      200       200        200
  linked    private     404        404    200    404    401      404       404        404
  linked    followers   404        404    200    200    401      200       200        404
  linked    password    403        403    200    200    401      403       200        200
  linked    gated       403        403    200    200    401      200       200        403
  linked    processing  404        404    404    404    401      404       404        404
  edit      public      401        403    200    403    401      403       403        401
  edit      unlisted    401        403    200    403    401      403       403        401
  edit      private     401        404    200    404    401      404       404        401
  edit      followers   401        404    200    403    401      403       403        401
  edit      password    401        403    200    403    401      403       403        401
  edit      gated       401        403    200    403    401      403       403        401
  edit      processing  401        404    200    404    401      404       404        401
  edit      failed      401        404    200    404    401      404       404        401
  edit      deleted     401        404    404    404    401      404       404        401
  edit      absent      401        404    404    404    401      404       404        401
  delete    public      401        403    200    403    401      403       403        401
  delete    unlisted    401        403    200    403    401      403       403        401
  delete    private     401        404    200    404    401      404       404        401
  delete    followers   401        404    200    403    401      403       403        401
  delete    password    401        403    200    403    401      403       403        401
  delete    gated       401        403    200    403    401      403       403        401
  delete    processing  401        404    200    404    401      404       404        401
  delete    failed      401        404    200    404    401      404       404        401
  delete    deleted     401        404    404    404    401      404       404        401
  delete    absent      401        404    404    404    401      404       404        401
`;

/** The same for media objects and their pictures, which are their owner's alone, and for profiles. */
const others = `
  action    state       anonymous  other  owner  admin  expired  follower  moderator  unlocked
  media     own         401        404    200    404    401      404       404        401
  media     absent      401        404    404    404    401      404       404        401
  task      own         401        404    200    404    401      404       404        401
  task      absent      401        404    404    404    401      404       404        401
  transcode own         401        404    200    404    401      404       404        401
  transcode absent      401        404    404    404    401      404       404        401
  publish   own         401        404    200    404    401      404       404        401
  publish   absent      401        404    404    404    401      404       404        401
  m-master  own         404        404    200    404    401      404       404        404
  m-master  absent      404        404    404    404    401      404       404        404
  m-bytes   own         404        404    206    404    401      404       404        404
  m-bytes   absent      404        404    404    404    401      404       404        404
  m-source  own         404        404    200    404    401      404       404        404
  m-source  absent      404        404    404    404    401      404       404        404
  picture   avatar      200        200    200    200    401      200       200        200
  picture   own         404        404    200    404    401      404       404        404
  picture   absent      404        404    404    404    401      404       404        404
  profile   own         401        403    200    403    401      403       403        401
  profile   absent      401        404    404    404    401      404       404        401
  demo      absent      401        403    403    200    401      403       403        401
`;

describe("access to a video", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("follows the table, and treats a hidden video like an absent one (S2.1, S2.4)", async () => {
    const rows = rowsOf(table);
    assert.deepEqual(new Set(rows.map(({ state }) => state)), new Set(states));
    let cells = 0;
    // The owner is the one who removes, so it comes last.
    for (const actor of [...actors.filter((name) => name !== "owner"), "owner"] as const)
      for (const { action, state, expected } of rows) {
        const id = ids[state as State];
        const subject = `${actor} ${action} ${state}`;
        const answer = await act(action, id, generations.get(id) ?? 1, actor);
        if (expected[actor] === "in" || expected[actor] === "out") {
          assert.equal(answer.status, 200, subject);
          assert.equal(answer.text.includes(`"id":${id},`) ? "in" : "out", expected[actor], subject);
        } else assert.equal(String(answer.status), expected[actor], `${subject}: ${answer.text.slice(0, 200)}`);
        if (answer.status === 404 && action !== "linked")
          assert.deepEqual(
            bare(answer),
            bare(await act(action, ids.absent, 1, actor)),
            `${subject} differs from what is not there`,
          );
        cells += 1;
      }
    assert.equal(cells, rows.length * actors.length);
  });

  it("follows the second table, for media objects, pictures and profiles (S2.1, S2.4)", async () => {
    for (const { action, state, expected } of rowsOf(others))
      for (const actor of actors) {
        const subject = `${actor} ${action} ${state}`;
        const answer = await actElsewhere(action, state, actor);
        assert.equal(String(answer.status), expected[actor], `${subject}: ${answer.text.slice(0, 200)}`);
        if (answer.status === 404)
          assert.deepEqual(bare(answer), bare(await actElsewhere(action, "absent", actor)), subject);
      }
    // The private half of a profile.
    for (const actor of ["anonymous", "other", "admin", "owner"] as const) {
      const { data } = await as(actor, `/api/v1/users/${owner.id}`);
      for (const field of ["email", "phone", "birthday", "show_likes"])
        assert.equal(field in data, actor === "owner", `${actor} ${field}`);
    }
  });

  it("ends within 10 s when a video becomes private or is deleted, also for earlier links (S2.3)", async () => {
    const videos = [await publish("public"), await publish("unlisted"), await publish("public")];
    const links: string[] = [];
    for (const id of videos) {
      const { data } = await as("other", `/api/v1/videos/${id}`);
      for (const name of ["hls_url", "cover_url", "download_url"]) links.push(pathOf(data[name]));
      const { text } = await platform.ask(pathOf(data["hls_url"]));
      const list = pathOf(data["hls_url"]).replace(/master\.m3u8.*/, text.match(/^\w+\/index\.m3u8.*$/m)?.[0] ?? "");
      const media = (await platform.ask(list)).text.match(/URI="\.\.\/([^"]+)"/)?.[1] ?? "";
      links.push(list, pathOf(data["hls_url"]).replace(/master\.m3u8.*/, media));
    }
    // All of it is hot: given out moments ago, with a range and without, over a connection as players have them.
    const port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
    const ask = async (link: string, headers: Record<string, string>) => {
      const answer = await fetch(`http://127.0.0.1:${port}${link}`, { headers });
      await answer.arrayBuffer();
      return answer;
    };
    const range = { range: "bytes=0-99" };
    for (const link of [...links, ...links]) {
      assert.equal((await ask(link, {})).status, 200, link);
      assert.ok([200, 206].includes((await ask(link, range)).status), link);
    }
    for (const id of videos.slice(0, 2))
      assert.equal((await as("owner", `/api/v1/videos/${id}`, "PUT", { visibility: "private" })).status, 200);
    assert.equal((await as("owner", `/api/v1/videos/${videos[2]}`, "DELETE")).status, 200);
    const sinceMs = performance.now();
    for (const link of links)
      for (const headersSent of [{}, range]) {
        let headers = new Headers();
        const isRefused = async () => {
          const answer = await ask(link, headersSent);
          ({ headers } = answer);
          return answer.status === 404 || answer.status === 403;
        };
        await soon(withinMs, isRefused, { sinceMs, said: () => `${link} is still given` });
        assert.equal(headers.get("cache-control"), "private, no-store");
      }
    // Public again, it has other addresses: what a shared cache kept of the first time is not what is asked for.
    await as("owner", `/api/v1/videos/${videos[0]}`, "PUT", { visibility: "public" });
    const [cover] = links.filter((link) => link.endsWith(`/${videos[0]}/g1/cover.jpg`));
    assert.ok(cover);
    const shown = await as("other", `/api/v1/videos/${videos[0]}`);
    assert.equal((await ask(pathOf(shown.data["cover_url"]), {})).status, 200);
    assert.equal((await ask(cover, {})).status, 404);
  });
});

describe("a cover chosen by its owner", () => {
  it("is shown with its video and to its viewers alone, under each of its addresses (S2.3, S2.4)", async () => {
    await using installation = new Platform();
    await installation.open();
    const [one, other] = [await installation.join(), await installation.join()];
    const gif = { name: "a.gif", bytes: await clip("animated.gif") };
    const sent = await installation.upload("/api/v1/media/upload", one.token, gif, { purpose: "cover" });
    const picture = pathOf(sent.data["url"]);
    assert.equal(picture, `/api/v1/media/${Number(sent.data["id"])}/picture`);
    const film = { name: "a.mp4", bytes: await clip("silent-audio.mp4") };
    const fields = { title: "Sea", visibility: "private", cover_url: String(sent.data["url"]) };
    const { data: made, text } = await installation.upload("/api/v1/videos", one.token, film, fields);
    const path = `/api/v1/videos/${Number(made["id"])}`;
    // Before it can be played, and afterwards.
    for (let round = 0; round < 2; round++) {
      const cover = String((await installation.ask(path, { token: one.token })).data["cover_url"]);
      assert.match(cover, /^https?:\/\/.*\/cover-\d+\.webp\?token=/, text);
      const shown = await installation.ask(pathOf(cover));
      assert.deepEqual(
        [shown.status, shown.headers["content-type"], shown.headers["cache-control"]],
        [200, "image/webp", "private, no-store"],
      );
      const plain = pathOf(cover).replace(/\?.*/, "");
      assert.equal((await installation.ask(plain, { token: one.token })).status, 200);
      const own = await installation.ask(picture, { token: one.token });
      assert.deepEqual([own.status, own.headers["cache-control"]], [200, "private, no-store"]);
      for (const viewer of [{}, { token: other.token }])
        for (const [link, id] of [
          [plain, made["id"]],
          [picture, sent.data["id"]],
        ] as const) {
          const refused = await installation.ask(link, viewer);
          assert.equal(refused.status, 404, link);
          const absent = await installation.ask(link.replace(String(id), String(absentId)), viewer);
          assert.deepEqual(bare(refused), bare(absent), link);
        }
      await installation.host.drain();
    }

    const become = async (visibility: string): Promise<string> => {
      const { status } = await installation.ask(path, { method: "PUT", token: one.token, body: { visibility } });
      assert.equal(status, 200);
      await installation.host.drain();
      return pathOf((await installation.ask(path, { token: other.token })).data["cover_url"]);
    };
    const unlisted = await become("unlisted");
    assert.match(unlisted, /\?token=/);
    assert.equal((await installation.ask(unlisted)).status, 200);
    assert.equal((await installation.ask(unlisted.replace(/\?.*/, ""))).status, 404);

    const open = await become("public");
    assert.doesNotMatch(open, /token/);
    const port = await installation.app.listen({ port: 0, host: "127.0.0.1" });
    const ask = async (link: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${link}`);
      await answer.arrayBuffer();
      return answer;
    };
    for (let round = 0; round < 2; round++) {
      const { status, headers } = await ask(open);
      assert.deepEqual([status, headers.get("cache-control")?.includes("public")], [200, true]);
    }
    assert.equal((await ask(picture)).status, 404);
    await become("private");
    const sinceMs = performance.now();
    for (const link of [open, unlisted]) {
      const isRefused = async () => [403, 404].includes((await ask(link)).status);
      await soon(withinMs, isRefused, { sinceMs, said: () => `${link} is still given` });
    }
  });
});

const platform = new Platform();
let owner: Account;
let tokens: Record<Actor, string | undefined>;
let mediaId = 0;
const pictures = { avatar: 0, own: 0 };
const absentId = 4_444_444_444_444_444;
const ids = { absent: absentId } as Record<State, number>; // The others are put in before the first case.
const generations = new Map<number, number>();
let profile = "";
const secret = "open sesame";
let unlock = "";
const said = (password: string) => ({ method: "POST" as const, body: { password } });

async function promoted({ id, name }: Account): Promise<string> {
  await sql`UPDATE credentials SET role = 'moderator' WHERE user_id = ${id}`.execute(platform.host.database("auth"));
  const body = { username: name, password };
  return String((await platform.ask("/api/v1/users/login", { method: "POST", body })).data["token"]);
}

async function prepare(): Promise<void> {
  await platform.open();
  owner = await platform.join();
  const [other, signedOut, admin] = [await platform.join(), await platform.join(), await platform.administrator()];
  await platform.ask("/api/v1/users/logout", { method: "POST", token: signedOut.token, body: {} });
  const [follower, moderator] = [await platform.join(), await platform.join()];
  tokens = {
    anonymous: undefined,
    unlocked: undefined,
    other: other.token,
    owner: owner.token,
    admin: admin.token,
    expired: signedOut.token,
    follower: follower.token,
    moderator: await promoted(moderator),
  };
  await as("follower", `/api/v1/users/${owner.id}/follow`, "POST");
  const first = await platform.upload(
    "/api/v1/videos",
    owner.token,
    { name: "a.mp4", bytes: await clip("video-only.mp4") },
    { title: "Sea" },
  );
  mediaId = Number(first.data["media_id"]);
  const gif = { name: "a.gif", bytes: await clip("animated.gif") };
  for (const [name, purpose] of [
    ["avatar", "avatar"],
    ["own", "picture"],
  ] as const)
    pictures[name] = Number((await platform.upload("/api/v1/media/upload", owner.token, gif, { purpose })).data["id"]);
  await platform.host.drain();
  // Nobody removes this one: with the last video of it a media object goes too.
  await publish("unlisted");
  ids.public = Number(first.data["id"]);
  ids.unlisted = await publish("unlisted");
  ids.private = await publish("private");
  ids.followers = await publish("followers");
  ids.password = await publish("password");
  ids.gated = await publish("gated");
  unlock = String((await platform.ask(`/api/v1/videos/${ids.password}/unlock`, said(secret))).data["unlock"]);
  // Published as such before, so that a service that stored that event shows it nevertheless; save the access copy of
  // interaction, which follows events of changes, and no event was published here.
  ids.processing = await publish("public");
  ids.failed = await publish("public");
  ids.deleted = await publish("public");
  await platform.host.drain();
  const database = platform.host.database("video");
  for (const [state, status] of [
    ["processing", 0],
    ["failed", 2],
  ] as const) {
    await sql`UPDATE video_copies SET is_published = false WHERE video_id = ${ids[state]}`.execute(
      platform.host.database("interaction"),
    );
    await sql`UPDATE videos SET status = ${status}, published_at_ms = NULL WHERE id = ${ids[state]}`.execute(database);
  }
  await as("owner", `/api/v1/videos/${ids.deleted}`, "DELETE");
  const { rows } = await sql<{ id: number; generation: number }>`SELECT id, generation FROM videos`.execute(database);
  for (const { id, generation } of rows) generations.set(id, generation);
  const { text } = await platform.ask(`/api/v1/streaming/${ids.public}/master.m3u8`);
  profile = text.match(/^(\d+p)\/index\.m3u8/m)?.[1] ?? "";
  assert.match(profile, /^\d+p$/);
  await platform.host.drain();
}

async function publish(visibility: string): Promise<number> {
  const { data, text } = await as("owner", "/api/v1/videos", "POST", {
    title: visibility,
    media_id: mediaId,
    visibility,
    ...(visibility === "password" && { password: secret }),
    ...(visibility === "gated" && { gate: { kind: "followers" } }),
  });
  assert.equal(data["status"], 1, text);
  return Number(data["id"]);
}

const as = (
  actor: Actor,
  url: string,
  method: Verb = "GET",
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> => {
  const token = tokens[actor];
  return platform.ask(url, {
    method,
    headers: { ...headers, ...(actor === "unlocked" && { "x-kinora-unlock": unlock }) },
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
};
const pathOf = (url: unknown): string => String(url).replace(/^https?:\/\/[^/]+/, "");

async function act(action: string, id: number, generation: number, actor: Actor): Promise<Answered> {
  const video = `/api/v1/videos/${id}`;
  const stream = `/api/v1/streaming/${id}`;
  switch (action) {
    case "detail":
      return as(actor, video);
    case "list":
      return as(actor, `/api/v1/users/${owner.id}/videos?page_size=100`);
    case "feed":
      return as(actor, "/api/v1/recommend/feed?limit=50");
    case "like":
      return as(actor, `${video}/like`, "POST");
    case "unlike":
      return as(actor, `${video}/like`, "DELETE");
    case "play":
      return as(actor, `${video}/play`, "POST", { position: 5 });
    case "manifest":
      return as(actor, `${stream}/master.m3u8`);
    case "playlist":
      return as(actor, `${stream}/${profile}/index.m3u8`);
    case "segment":
      return as(actor, `${stream}/g${generation}/${profile}.mp4`, "GET", undefined, { range: "bytes=0-9" });
    case "cover":
      return as(actor, `${stream}/g${generation}/cover.jpg`);
    case "original":
      return as(actor, `${stream}/g${generation}/source`);
    case "linked": {
      const shown = await as(actor, video);
      // Followed without signing in: the link alone has to do.
      const link = pathOf(shown.data["hls_url"]);
      return shown.status === 200 ? platform.ask(link || `${stream}/master.m3u8`) : shown;
    }
    case "edit":
      return as(actor, video, "PUT", { description: "changed" });
    case "delete":
      return as(actor, video, "DELETE");
    default:
      throw new Error(action);
  }
}

async function actElsewhere(action: string, state: string, actor: Actor): Promise<Answered> {
  const id = state === "absent" ? absentId : mediaId;
  const media = `/api/v1/streaming/media/${id}`;
  switch (action) {
    case "media":
      return as(actor, `/api/v1/media/${id}`);
    case "task":
      return as(actor, `/api/v1/media/${id}/transcode`);
    case "transcode":
      return as(actor, `/api/v1/media/${id}/transcode`, "POST", { profiles: [profile] });
    case "publish":
      return as(actor, "/api/v1/videos", "POST", { title: "x", media_id: id });
    case "m-master":
      return as(actor, `${media}/master.m3u8`);
    case "m-bytes":
      return as(actor, `${media}/g0/${profile}.mp4`, "GET", undefined, { range: "bytes=0-9" });
    case "m-source":
      return as(actor, `${media}/g0/source`);
    case "picture":
      return as(
        actor,
        `/api/v1/media/${state === "absent" ? absentId : state === "avatar" ? pictures.avatar : pictures.own}/picture`,
      );
    case "profile":
      return as(actor, `/api/v1/users/${state === "absent" ? absentId : owner.id}`, "PUT", { bio: "changed" });
    case "demo":
      return as(actor, "/api/v1/instance/demo", "DELETE");
    default:
      throw new Error(action);
  }
}

/** An answer without what differs from one request to the next. */
function bare({ status, headers, text }: Answered): object {
  const { "x-request-id": _, date: __, ...same } = headers;
  return { status, headers: same, text: text.replace(/"trace_id":"[0-9a-f]{32}"/, "") };
}

interface Row {
  readonly action: string;
  readonly state: string;
  readonly expected: Readonly<Record<Actor, string>>;
}
function rowsOf(text: string): Row[] {
  const [, ...rows] = text.trim().split("\n");
  return rows.map((row) => {
    const [action = "", state = "", ...cells] = row.trim().split(/\s+/);
    const expected = Object.fromEntries(actors.map((actor, place) => [actor, cells[place] ?? ""]));
    return { action, state, expected: expected as Row["expected"] }; // One cell for each actor.
  });
}
