import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Account, type Answered, Platform, type Verb } from "../platform/platform.ts";
import { soon, until } from "../until.ts";

const people = ["anonymous", "other", "owner", "admin", "expired"] as const;
/**
 * Visitors with only an address or a ticket: of the file itself, of a link to its folder, one that ran out, one taken
 * back.
 */
const bearers = ["address", "visit", "over", "revoked"] as const;
type Actor = (typeof people)[number] | (typeof bearers)[number];
const states = ["live", "trashed", "deleted", "absent"] as const;
type State = (typeof states)[number];

/**
 * The expected answer of every action on a user's file, by its state and its caller. `in` and `out` say whether
 * a list shows it, `ok` and `no` what became of it among several. A dash: an address or a ticket has no say there.
 */
const table = `
  action    state    anonymous  other  owner  admin  expired  address  visit  over  revoked
  get       live     401        404    200    404    401      -        -      -     -
  get       trashed  401        404    200    404    401      -        -      -     -
  get       deleted  401        404    404    404    401      -        -      -     -
  get       absent   401        404    404    404    401      -        -      -     -
  path      live     401        404    200    404    401      -        -      -     -
  path      trashed  401        404    404    404    401      -        -      -     -
  path      deleted  401        404    404    404    401      -        -      -     -
  path      absent   401        404    404    404    401      -        -      -     -
  list      live     401        404    in     404    401      -        in     -     404
  list      trashed  401        404    out    404    401      -        out    -     404
  list      deleted  401        404    out    404    401      -        out    -     404
  trash     live     401        out    out    out    401      -        -      -     -
  trash     trashed  401        out    in     out    401      -        -      -     -
  trash     deleted  401        out    out    out    401      -        -      -     -
  search    live     401        out    in     out    401      -        -      -     -
  search    trashed  401        out    out    out    401      -        -      -     -
  search    deleted  401        out    out    out    401      -        -      -     -
  found     live     401        out    in     out    401      -        -      -     -
  found     trashed  401        out    out    out    401      -        -      -     -
  found     deleted  401        out    out    out    401      -        -      -     -
  recent    live     401        out    in     out    401      -        -      -     -
  recent    trashed  401        out    out    out    401      -        -      -     -
  bytes     live     404        404    200    404    401      200      200    404   404
  bytes     trashed  404        404    404    404    401      404      404    404   404
  bytes     deleted  404        404    404    404    401      404      404    404   404
  bytes     absent   404        404    404    404    401      404      404    404   404
  archive   live     401        404    200    404    401      -        200    -     404
  archive   trashed  401        404    404    404    401      -        404    -     404
  archive   deleted  401        404    404    404    401      -        404    -     404
  archive   absent   401        404    404    404    401      -        404    -     404
  link      live     401        404    200    404    401      -        -      -     -
  link      trashed  401        404    404    404    401      -        -      -     -
  link      absent   401        404    404    404    401      -        -      -     -
  share     live     401        404    200    404    401      -        -      -     -
  share     trashed  401        404    404    404    401      -        -      -     -
  share     absent   401        404    404    404    401      -        -      -     -
  unshare   live     401        404    -      404    401      -        -      -     -
  reshare   live     401        404    200    404    401      -        -      -     -
  renew     live     401        404    -      404    401      -        -      -     -
  publish   live     401        404    415    404    401      -        -      -     -
  publish   trashed  401        404    404    404    401      -        -      -     -
  publish   absent   401        404    404    404    401      -        -      -     -
  rename    live     401        404    200    404    401      -        -      -     -
  rename    trashed  401        404    404    404    401      -        -      -     -
  rename    absent   401        404    404    404    401      -        -      -     -
  discard   live     401        no     -      no     401      -        -      -     -
  discard   absent   401        no     no     no     401      -        -      -     -
  restore   trashed  401        no     -      no     401      -        -      -     -
  restore   absent   401        no     no     no     401      -        -      -     -
  remove    live     401        no     -      no     401      -        -      -     -
  remove    trashed  401        no     -      no     401      -        -      -     -
  copy      live     401        no     ok     no     401      -        -      -     -
  copy      trashed  401        no     no     no     401      -        -      -     -
  move      live     401        no     ok     no     401      -        -      -     -
  move      trashed  401        no     no     no     401      -        -      -     -
`;

describe("access to a file of the drive", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("follows the table, and treats a forbidden file like an absent one (S2.1, S2.2, S2.4)", async () => {
    let cells = 0;
    const rows = rowsOf(table);
    for (const { action, state, expected } of rows)
      for (const actor of [...people, ...bearers]) {
        const expectedOutcome = expected[actor];
        if (expectedOutcome === "-") continue;
        const subject = `${actor} ${action} ${state}`;
        const answer = await act(action, state, actor);
        if (expectedOutcome === "in" || expectedOutcome === "out") {
          assert.equal(answer.status, 200, `${subject}: ${answer.text}`);
          assert.equal(answer.text.includes(`"id":${ids[state]},`) ? "in" : "out", expectedOutcome, subject);
        } else if (expectedOutcome === "ok" || expectedOutcome === "no") {
          const [outcome] = answer.data["list"] as { ok: boolean; error: unknown }[];
          assert.equal(outcome?.ok ? "ok" : "no", expectedOutcome, `${subject}: ${answer.text}`);
          if (!outcome?.ok) assert.deepEqual(outcome?.error, notFound, subject);
        } else assert.equal(String(answer.status), expectedOutcome, `${subject}: ${answer.text.slice(0, 300)}`);
        if (answer.status === 404) assert.deepEqual(bare(answer), bare(await act(action, "absent", actor)), subject);
        cells += 1;
      }
    assert.ok(cells > 250, `${cells} cells`);
  });

  it("ends within 10 s of a link's revocation, also for earlier visits and archives (S2.3, S2.5)", async () => {
    const { data } = await as("owner", `/api/v1/drive/${folder}/shares`, "POST", {});
    const share = (data["share"] as { id: number }).id;
    const ticket = await opened(String(data["token"]));
    const zip = pathOf((await platform.ask("/api/v1/shares/zip", { method: "POST", body: { ticket } })).data["url"]);
    const links = [
      `/api/v1/drive/${ids.live}/content?ticket=${ticket}`,
      `/api/v1/shares/entries?ticket=${ticket}`,
      zip,
    ];
    for (const link of [...links, ...links]) assert.equal((await platform.ask(link)).status, 200, link);
    assert.equal((await as("owner", `/api/v1/drive/shares/${share}`, "DELETE")).status, 200);
    const sinceMs = performance.now();
    for (const link of links)
      await soon(10_000, async () => (await platform.ask(link)).status === 404, { sinceMs, said: () => link });
  });

  it("reveals no token, password, key or folder in later answers about a link (S2.5)", async () => {
    const body = { password: "open sesame", downloads_max: 5 };
    const { data, text } = await as("owner", `/api/v1/drive/${folder}/shares`, "POST", body);
    const token = String(data["token"]);
    assert.ok(Buffer.from(token, "base64url").length >= 16);
    const listed = await as("owner", "/api/v1/drive/shares");
    const open = await platform.ask("/api/v1/shares/open", {
      method: "POST",
      body: { token, password: body.password },
    });
    assert.equal(open.status, 200, open.text);
    const inside = await platform.ask(`/api/v1/shares/entries?ticket=${String(open.data["ticket"])}`);
    for (const answer of [listed, open, inside]) {
      assert.equal(answer.text.includes(token) || answer.text.includes("sesame"), false, answer.text);
      assert.doesNotMatch(answer.text, /upload\/|folder_id|user_id|hash/);
    }
    assert.equal(text.includes("sesame"), false);
    // A token or a password in the query opens nothing.
    const inQuery = `/api/v1/shares/open?token=${token}&password=open%20sesame`;
    assert.equal((await platform.ask(inQuery, { method: "POST", body: {} })).status, 400);
  });
});

const platform = new Platform({}, { transcoder: { ffmpeg: "/nowhere/ffmpeg" } });
const absentId = 4_444_444_444_444_444;
const ids: Record<State, number> = { live: 0, trashed: 0, deleted: 0, absent: absentId };
const addresses = {} as Record<State, string>; // Filled before the first case.
const notFound = { code: "drive.not_found", message: "no such file or folder" };
let owner: Account;
let tokens: Partial<Record<Actor, string>>;
let folder = 0;
let share = 0;
let visit = "";
let revoked = "";
let over = "";

async function prepare(): Promise<void> {
  await platform.open();
  owner = await platform.join();
  const [other, left, admin] = [await platform.join(), await platform.join(), await platform.administrator()];
  await platform.ask("/api/v1/users/logout", { method: "POST", token: left.token, body: {} });
  tokens = { other: other.token, owner: owner.token, admin: admin.token, expired: left.token };
  folder = Number((await as("owner", "/api/v1/drive/folders", "POST", { name: "shared" })).data["id"]);
  for (const state of ["live", "trashed", "deleted"] as const) {
    const fields = { purpose: "drive", folder_id: String(folder) };
    const file = { name: `${state} something.bin`, bytes: Buffer.from(state) };
    const response = await platform.upload("/api/v1/upload", owner.token, file, fields);
    ids[state] = Number(response.data["entry_id"]);
    addresses[state] = await address(ids[state], 3_600);
  }
  addresses.absent = addresses.live.replace(String(ids.live), String(absentId));
  over = (await address(ids.live, 1)).split("ticket=")[1] ?? "";
  const shareRow = (await as("owner", `/api/v1/drive/${folder}/shares`, "POST", {})).data;
  share = (shareRow["share"] as { id: number }).id;
  visit = await opened(String(shareRow["token"]));
  const { data } = await as("owner", `/api/v1/drive/${folder}/shares`, "POST", {});
  revoked = await opened(String(data["token"]));
  await as("owner", `/api/v1/drive/shares/${(data["share"] as { id: number }).id}`, "DELETE");
  await as("owner", "/api/v1/drive/trash", "POST", { ids: [ids.trashed] });
  await as("owner", "/api/v1/drive/remove", "POST", { ids: [ids.deleted] });
  await platform.host.drain();
  await until(async () => (await platform.ask(`/api/v1/drive/${ids.live}/content?ticket=${over}`)).status === 404);
  // The index follows a second later.
  await until(async () => (await as("owner", "/api/v1/search/files?q=something")).data["total"] === 1);
}

async function address(id: number, seconds: number): Promise<string> {
  const { data, text } = await as("owner", `/api/v1/drive/${id}/link`, "POST", { expires_in: seconds });
  assert.ok(data["url"], text);
  return pathOf(data["url"]);
}
async function opened(token: string): Promise<string> {
  const { data, text } = await platform.ask("/api/v1/shares/open", { method: "POST", body: { token } });
  const { ticket } = data;
  assert.ok(typeof ticket === "string", text);
  return ticket;
}

async function as(actor: Actor, url: string, method: Verb = "GET", body?: unknown): Promise<Answered> {
  const token = tokens[actor];
  return platform.ask(url, { method, ...(token !== undefined && { token }), ...(body !== undefined && { body }) });
}
const pathOf = (url: unknown): string => String(url).replace(/^https?:\/\/[^/]+/, "");

async function act(action: string, state: State, actor: Actor): Promise<Answered> {
  const id = ids[state];
  const entry = `/api/v1/drive/${id}`;
  const ticket = { visit, revoked, over, address: addresses[state].split("ticket=")[1] }[actor as string];
  const several = (verb: string, more = {}) => as(actor, `/api/v1/drive/${verb}`, "POST", { ids: [id], ...more });
  switch (action) {
    case "get":
      return as(actor, entry);
    case "path":
      return as(actor, `${entry}/path`);
    case "list":
      if (ticket !== undefined) return as(actor, `/api/v1/shares/entries?ticket=${ticket}`);
      return as(actor, `/api/v1/drive?folder_id=${state === "absent" ? absentId : folder}`);
    case "trash":
    case "recent":
      return as(actor, `/api/v1/drive/${action}`);
    case "search":
      return as(actor, "/api/v1/drive/search?q=something");
    case "found":
      return as(actor, "/api/v1/search/files?q=something");
    case "bytes":
      return as(actor, `${entry}/content${ticket === undefined ? "" : `?ticket=${ticket}`}`);
    case "archive": {
      const body = { ids: [id], ...(ticket !== undefined && { ticket }) };
      const response = await as(actor, ticket === undefined ? "/api/v1/drive/zip" : "/api/v1/shares/zip", "POST", body);
      // Followed without signing in: the address alone has to do.
      return response.status === 200 ? platform.ask(pathOf(response.data["url"])) : response;
    }
    case "link":
      return as(actor, `${entry}/link`, "POST", {});
    case "share":
      return as(actor, `${entry}/shares`, "POST", {});
    case "unshare":
      return as(actor, `/api/v1/drive/shares/${state === "absent" ? absentId : share}`, "DELETE");
    case "reshare":
      return as(actor, `/api/v1/drive/shares/${state === "absent" ? absentId : share}`, "PUT", {
        downloads_max: 1_000,
      });
    case "renew":
      return as(actor, `/api/v1/drive/shares/${state === "absent" ? absentId : share}/renew`, "POST", {});
    case "publish":
      return as(actor, `${entry}/publish`, "POST", {});
    case "rename":
      return as(actor, entry, "PUT", { name: "live something.bin" });
    case "discard":
      return several("trash");
    case "restore":
    case "remove":
      return several(action);
    case "copy":
      return several(action);
    case "move":
      return several(action, { folder_id: actor === "owner" ? folder : undefined });
    default:
      throw new Error(action);
  }
}

/** An answer without what differs from one request to the next. */
function bare({ status, headers, text }: Answered): object {
  const { "x-request-id": _, date: __, ...same } = headers;
  return { status, headers: same, text: text.replace(/"trace_id":"[0-9a-f]{32}"/, "") };
}

function rowsOf(text: string) {
  const [head = "", ...rows] = text.trim().split("\n");
  const [, , ...actors] = head.trim().split(/\s+/);
  return rows.map((row) => {
    const [action = "", state = "", ...cells] = row.trim().split(/\s+/);
    assert.equal(cells.length, actors.length, row);
    const expected = Object.fromEntries(actors.map((actor, i) => [actor, cells[i]])) as Record<Actor, string>;
    return { action, state: state as State, expected };
  });
}
