import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { OutgoingRefused } from "#kernel/outgoing/port";
import { isNightly } from "../../depth.ts";
import { type Belongings, belongingsOf, canary } from "./belongings.ts";
import { type ForeignRequest, foreignRequests, placesOf } from "./foreign-ids.ts";
import {
  type Account,
  type Answered,
  type Document,
  isWrite,
  type Operation,
  operationsOf,
} from "../../platform/platform.ts";
import { testedPlatform } from "../../platform/fleet-platform.ts";
import { seed } from "../seed.ts";
import { variations } from "./variations.ts";

/**
 * The matrix of all operations that take an id, by the ids of another account, by who asks (S2.1, S2.2). It is made of the
 * OpenAPI document: an operation is in it on the day it is added, and one with an id that nothing is known of fails.
 */
describe("ids of another account", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("open and change nothing, in any operation that takes one (S2.1, S2.2)", async () => {
    const faults: string[] = [];
    let count = 0;
    for (const attacker of attackers)
      for (const request of matrix.get(attacker) ?? []) {
        if (isAllowed(request) && !request.target.isPrivate) continue;
        const fault = faultOf(request, attacker, await send(request, attacker));
        if (fault !== undefined) faults.push(`${attacker.name}: ${described(request)}: ${fault}`);
        count += 1;
      }
    await platform.drain();
    assert.deepEqual(faults, []);
    assertSame(await viewOf(victim), "the matrix");
    assert.ok(count > 800, `${count} requests`);
  });

  it("open and change nothing in other spellings, methods and headers", { timeout: 1_200_000 }, async () => {
    const total = isNightly ? 20_000 : 300;
    const attempts = fc.constantFrom(...attackers).chain((attacker) => {
      const requests = (matrix.get(attacker) ?? []).filter((one) => !isAllowed(one));
      return fc.record({
        attacker: fc.constant(attacker),
        request: fc.constantFrom(...requests),
        vary: variations(victim),
      });
    });
    for (const [at, { attacker, request, vary }] of fc.sample(attempts, { seed, numRuns: total }).entries()) {
      const varied = vary(request);
      const answer = await send(varied, attacker);
      const subject = `seed ${seed}, request ${at}, ${attacker.name}: ${described(varied)}`;
      assert.ok(answer.status < 500, `${subject}: ${answer.text}`);
      assert.ok(!shows(answer), `${subject} shows ${answer.text.slice(0, 300)}`);
      if (at % 2_000 === 1_999) assertSame(await viewOf(victim), `a request before ${subject}`);
    }
    await platform.drain();
    assertSame(await viewOf(victim), `a request of seed ${seed}`);
  });

  it("are the ids of things that their owner may read and change", async () => {
    assertReadable(view);
    const own = { own: belongings, foreign: belongings };
    // Containers are deleted late, and the session of the test itself last.
    const order = ({ operationId, verb, path }: Operation) =>
      operationId === "auth.endSession" ? Infinity : (verb === "DELETE" ? 1_000 : 0) - path.length;
    const changing = operations
      .filter((one) => isWrite(one) && isNative(one) && isForUsers(one) && placesOf(document, one)[0]?.in === "path")
      .toSorted((a, b) => order(a) - order(b));
    assert.ok(changing.length > 50, `${changing.length} operations`);
    const refused: string[] = [];
    for (const operation of changing) {
      if (nothingSaid.has(operation.operationId)) continue;
      const [request] = foreignRequests(document, operation, own);
      assert.ok(request);
      const { status, text } = await send(request, victim);
      if ([401, 403, 404, 405].includes(status)) refused.push(`${described(request)}: ${status} ${text}`);
    }
    assert.deepEqual(refused, []);
  });
});

/** Acts of strangers on public things; on anything else they are refused like all others. */
const interactions = new Set([
  "interaction.like {id}",
  "interaction.unlike {id}",
  "interaction.favorite {id}",
  "interaction.unfavorite {id}",
  "interaction.say {id}",
  "interaction.sayAt {id}",
  "interaction.likeComment {id}",
  "interaction.unlikeComment {id}",
  "interaction.play {id}",
  "interaction.share {id}",
  "interaction.checkGate {id}",
  "interaction.redeemGateLink {id}",
  "interaction.buyGate {id}",
  "interaction.refundGate {id}",
  "recommend.markNotInterested {id}",
  "recommend.unmarkNotInterested {id}",
  "relation.follow {id}",
  "relation.unfollow {id}",
  "video.unlock {id}",
  "live.unlock {id}",
  "video.unlockPlaylist {id}",
  "live.sendGift {id}",
  "live.reserveProduct {id}",
  "live.joinFanClub {id}",
  "live.leaveFanClub {id}",
  "live.join {id}",
  "live.leave {id}",
  "live.say {id}",
]);
/** Operations whose ID leads to rows of the caller alone: the owner of the thing makes no difference. */
const ownRows = new Set([
  "interaction.forgetWatched {id}",
  "search.forgetSearch {keyword}",
  "relation.unblock {id}",
  "relation.removeFollower {id}",
  "relation.answerFollowRequest {user_id}",
  "video.removeFromPlaylist {video}",
  // A report is taken of anything, so that a link that was taken from its readers can be reported.
  "moderation.report id",
  // A folder that is not there is replaced by the root.
  ...["upload.send", "upload.sendShort"].flatMap((name) => [`${name} ?folder_id`, `${name} folder_id`]),
  "upload.init folder_id",
  // A content is named, which anybody may have.
  "cloudfiles.begin ?filehash",
]);
/** Answers that differ from one request to the next, or are no answers of HTTP. */
const unsteady = new Set([
  "message.socket",
  "export.archive",
  "live.playbackAddress",
  "live.roomSocket",
  "live.roomEvents",
]);
/** These are tested with a room that is live: src/gateway/live/room/room-moderation.test.ts. */
const nothingSaid = new Set([
  "live.allowHeld",
  "live.hideHeld",
  "live.pin",
  "live.deleteMessage",
  // This needs a connection: src/services/live/stage/webrtc/webrtc.test.ts.
  "live.endWhip",
  "live.endWhep",
  // These need a provider: src/services/auth/oidc/provider-links.test.ts.
  ...["linkProvider", "confirmByProvider", "unlinkProvider"].map((name) => `auth.${name}`),
  // These need a runner: src/services/transcoder/runners/runners.test.ts.
  "runners.runnerOutputBytes",
  ...["failRunnerJob", "renewRunnerJob", "putOffRunnerJob", "reportRunnerJob"].map((name) => `transcoder.${name}`),
]);
/** Nothing of the kind is there, for its owner neither. */
const notForOwners: Readonly<Record<string, string>> = {
  "streaming.videoChapters": "the film is too short for chapters",
  "live.hls": "nobody publishes in the room",
  "live.hlsByToken": "nobody publishes in the room",
  "live.flv": "nobody publishes in the room",
  "message.conversationWith": "users write to others only",
};

const nowhere: Operation = { operationId: "", verb: "GET", path: "/", responses: {} };

interface Attacker extends Pick<Account, "name"> {
  readonly token?: string;
}
const platform = testedPlatform(
  {},
  {},
  {},
  {
    outgoing: { ask: () => Promise.reject(OutgoingRefused({})), check: () => undefined },
  },
);
const nobody: Attacker = { name: "nobody" };
let attackers: readonly Attacker[];
let victim: Account;
let belongings: Belongings;
let document: Document;
let operations: readonly Operation[];
/** The victim's data before anything happens. */
let view: Map<string, string>;
const matrix = new Map<Attacker, readonly ForeignRequest[]>();

async function prepare(): Promise<void> {
  await platform.open();
  document = await platform.document();
  const { token } = await platform.administrator();
  const rules = { method: "PUT", token, body: { users_invite: true } } as const;
  assert.equal((await platform.ask("/api/v1/admin/registration", rules)).status, 200);
  victim = await platform.join("victim");
  const [friend, other, blocked] = [
    await platform.join("friend"),
    await platform.join("other"),
    await platform.join("blocked"),
  ];
  belongings = await belongingsOf(platform, victim, friend, canary);
  const body = { user_id: blocked.id };
  const { status } = await platform.ask("/api/v1/users/blacklist", { method: "POST", token: victim.token, body });
  assert.equal(status, 200);
  // A caller who asks for its own lists sees these.
  const others = await belongingsOf(platform, other, friend, "seen-by-me");
  attackers = [other, blocked, nobody];
  operations = operationsOf(document).filter(
    // An event stream of a room that may be watched does not end: src/gateway/live/room/room-moderation.test.ts.
    (operation) => placesOf(document, operation).length > 0 && operation.operationId !== "live.roomEvents",
  );
  assert.ok(operations.length > 120, `${operations.length} operations`);
  for (const attacker of attackers) {
    const parts = { own: others, foreign: belongings };
    matrix.set(
      attacker,
      operations.flatMap((operation) => foreignRequests(document, operation, parts)),
    );
  }
  await platform.drain();
  view = await viewOf(victim);
}

async function send(
  { verb, url, headers, body, operation }: ForeignRequest,
  { token, name }: Attacker,
): Promise<Answered> {
  const isForeign = !isNative(operation);
  const signed = new URLSearchParams({ ...(token !== undefined && { token }), username: name }).toString();
  return platform.ask(isForeign ? `${url}${url.includes("?") ? "&" : "?"}${signed}` : url, {
    method: verb,
    headers,
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
}

const isNative = ({ path }: Operation): boolean => /^\/(?:api\/v1|feeds)\//.test(path);
const isForUsers = (operation: Operation): boolean => ["public", "user"].includes(operation["x-auth"] ?? "");
const described = ({ verb, url, place, body, target }: ForeignRequest): string =>
  `${verb} ${url} with a ${target.isPrivate ? "private" : "public"} ${place}${Buffer.isBuffer(body) ? "" : ` ${JSON.stringify(body) ?? ""}`}`;
const shows = ({ text, bytes, headers }: Answered): boolean =>
  text.includes(canary) || bytes.includes(canary) || JSON.stringify(headers).includes(canary);

function isAllowed({ operation, target, place, isInPath }: ForeignRequest): boolean {
  const key = `${operation.operationId} ${place}`;
  if (ownRows.has(key)) return true;
  // A thing in a body that all may use, and an act of a compatible API on one, count as an interaction.
  return !target.isPrivate && (interactions.has(key) || (isWrite(operation) && (!isInPath || !isNative(operation))));
}

/** The fault of an answer; undefined if there is none. */
function faultOf(request: ForeignRequest, { token }: Attacker, answer: Answered): string | undefined {
  const { operation, target, isInPath } = request;
  const { status, text, body } = answer;
  const subject = `${status} ${text.slice(0, 300)}`;
  if (status >= 500) return subject;
  if (shows(answer)) return `it shows what is private: ${subject}`;
  // OPTIONS states what an endpoint takes, for any id, whether it exists or not.
  if (operation.verb === "OPTIONS")
    return status === 204 && text === "" ? undefined : `it depends on the id: ${subject}`;
  if (!isNative(operation)) {
    const code = Number(body["status_code"] ?? body["code"] ?? 0);
    const isRefused = status >= 400 || (code !== 0 && code !== 200);
    return isRefused || !isWrite(operation) || isAllowed(request) ? undefined : `it is done: ${subject}`;
  }
  const isOpen = operation["x-auth"] === "public";
  if (token === undefined && !isOpen) return status === 401 ? undefined : `a stranger gets ${subject}`;
  if (!isForUsers(operation)) return status === 403 ? undefined : `a user gets ${subject}`;
  const isRead = !isWrite(operation);
  if (isAllowed(request) || (isRead && !(target.isPrivate && isInPath))) return undefined;
  const outcomes = (answer.data["list"] ?? []) as { readonly ok?: boolean }[]; // Lists are of objects.
  if (outcomes.length > 0 && outcomes.every(({ ok }) => ok === false)) return undefined;
  const refusals = isInPath ? [401, 403, 404] : [400, 401, 403, 404, 409];
  return refusals.includes(status) ? undefined : `it is not refused: ${subject}`;
}

/** Everything that its owner reads: what belongs to it, and its own lists. */
async function viewOf(account: Account): Promise<Map<string, string>> {
  const view = new Map<string, string>();
  const reads = operationsOf(document).filter(
    (one) => one.verb === "GET" && isNative(one) && isForUsers(one) && !unsteady.has(one.operationId),
  );
  for (const operation of reads) {
    const own = foreignRequests(document, operation, { own: belongings, foreign: belongings });
    const urls = own.filter(({ isInPath }) => isInPath).map(({ url }) => url);
    if (urls.length === 0 && operation["x-auth"] === "user") urls.push(operation.path);
    for (const url of urls) {
      const { status, text } = await platform.ask(url, { token: account.token });
      const same = text
        .replaceAll(/"(?:trace_id|used_at|expires_at|seconds_left|progress)":(?:"[^"]*"|\d+)/g, "")
        .replaceAll(/(?:token|ticket|expires)=[^"&\\]*/g, "");
      view.set(`${operation.operationId} ${url}`, `${status} ${same}`);
    }
  }
  return view;
}

/** Each operation finds something for the owner; otherwise its refusals would say nothing. */
function assertReadable(view: Map<string, string>): void {
  const found = new Map<string, boolean>();
  for (const [key, answer] of view) {
    const [operation = ""] = key.split(" ");
    const places = placesOf(document, operations.find((one) => one.operationId === operation) ?? nowhere);
    if (places[0]?.in !== "path" || places[0].kind === "common") continue;
    found.set(operation, (found.get(operation) ?? false) || answer.startsWith("2"));
  }
  const missing = [...found].filter(([operation, isFound]) => !isFound && !(operation in notForOwners));
  assert.deepEqual(
    missing.map(([operation]) => operation),
    [],
  );
}

function assertSame(now: Map<string, string>, what: string): void {
  const changed = [...view].filter(([key, answer]) => now.get(key) !== answer);
  assert.deepEqual(
    changed.map(([key, answer]) => ({ key, answer, now: now.get(key) })),
    [],
    `${what} changed something`,
  );
}
