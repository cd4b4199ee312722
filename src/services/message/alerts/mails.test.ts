import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { commentCreated, videoLiked } from "#events/interaction";
import { Outcome, decisionMade } from "#events/moderation";
import { userFollowed } from "#events/relation";
import { accountAlerted, userDeleted } from "#events/auth";
import { fixedKey } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { owner, service, Stand } from "../testing.ts";
import { endTokenOf, userOfEndToken } from "./end-token.ts";

describe("mails about notifications", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("have all of one minute, grouped as on the site, in the language of the reader", async () => {
    await like(3, 1);
    await tick();
    assert.equal(stand.letters.length, 0, "others may follow within the minute");
    await like(4, 1);
    await comment(5, 2, "nice “one”");
    await minute();
    const [first, second] = stand.letters.toSorted((a, b) => a.userId - b.userId);
    assert.deepEqual(
      [stand.letters.length, first?.subject, first?.paragraphs.at(-1)],
      [2, "User 4 and another person liked your video", "User 4 and another person liked your video"],
    );
    assert.deepEqual([first?.action.path, first?.language], ["/watch/7", "en"]);
    assert.deepEqual(
      [second?.language, second?.subject, second?.paragraphs.at(-1)],
      ["zh", "User 5评论了你的视频", "User 5评论了你的视频：“nice “one””"],
    );
    assert.equal(second?.action.path, "/watch/7?comment=30");
  });

  it("are sent once, and again only for what is new", async () => {
    await like(3, 1);
    await minute();
    await minute();
    assert.equal(stand.letters.length, 1);
    await follow(4, 1);
    await minute();
    assert.deepEqual(stand.letters.map(({ subject }) => subject).slice(1), ["User 4 followed you"]);
    assert.notEqual(stand.letters[0]?.id, stand.letters[1]?.id);
  });

  it("are not sent of live rooms, which may be over when a mail is read", async () => {
    stand.follows.add(`1:${owner}`);
    await stand.startRoom(70);
    await minute();
    assert.equal(stand.letters.length, 0);
  });

  it("are not sent of alerts, which the service of accounts mails itself", async () => {
    const alert = { alertId: 60, kind: "new_device", agent: "Phone 1", name: "", atMs: 1 };
    await stand.publishEvent(accountAlerted, 1, { userId: 1, ...alert });
    await minute();
    assert.equal(stand.letters.length, 0);
  });

  it("name several in one mail that leads to the list", async () => {
    await like(3, 1);
    await follow(4, 1);
    await minute();
    const [letter] = stand.letters;
    assert.deepEqual(
      [letter?.subject, letter?.action.path, letter?.paragraphs],
      [
        "2 new notifications",
        "/inbox/notifications",
        ["Hello user1,", "User 4 followed you", "User 3 liked your video"],
      ],
    );
  });

  it("leave out what was read meanwhile, and what the reader switched off", async () => {
    await client.setSettings({ mail: { like: false } }, callOf(1));
    await like(3, 1);
    await follow(4, 2);
    await client.readAll({}, callOf(2));
    await minute();
    assert.deepEqual(stand.letters, []);
    await client.setSettings({ mail: { like: true } }, callOf(1));
    await like(5, 1);
    await minute();
    assert.deepEqual(
      stand.letters.map(({ userId }) => userId),
      [1],
    );
  });

  it("go to nobody without a verified address, and not to accounts that are deleted", async () => {
    await like(3, 150);
    await like(3, 1);
    await stand.publishEvent(userDeleted, 1, { userId: 1 });
    await minute();
    assert.deepEqual(stand.letters, []);
    assert.deepEqual(await stand.db.selectFrom("message.due_mails").selectAll().execute(), []);
  });

  it("end by the token in them, all kinds at once, and begin again in the settings", async () => {
    await like(3, 1);
    await minute();
    const token = stand.letters[0]?.endToken ?? "";
    await client.endMails({ token }, service());
    await client.endMails({ token }, service());
    const { mail, ...others } = await client.settings({}, callOf(1));
    assert.deepEqual([...new Set(Object.values(mail))], [false]);
    assert.ok(others.like && others.push.like, "the site and devices are as before");
    await decide(1);
    await like(4, 1);
    await minute();
    assert.equal(stand.letters.length, 1);
    await client.setSettings({ mail: { account: true } }, callOf(1));
    await decide(1, 2);
    await minute();
    assert.match(stand.letters[1]?.subject ?? "", /account/);
  });

  it("have a token that ends those of one user alone", async () => {
    const token = endTokenOf(fixedKey("key"), 17);
    assert.equal(userOfEndToken(fixedKey("key"), token), 17);
    for (const bad of [
      "",
      "17",
      "x",
      token.replace("17.", "18."),
      `${token}x`,
      token.slice(0, -1),
      endTokenOf(fixedKey("other"), 17),
    ])
      assert.equal(userOfEndToken(fixedKey("key"), bad), undefined, bad);
    await assert.rejects(client.endMails({ token }, service()), { code: "message.bad_mail_token", http: 404 });
  });

  it("are for all recipients of a crowd", async () => {
    for (let n = 1; n <= 99; n++) stand.follows.add(`${n}:7`);
    for (let n = 1; n <= 99; n++) await follow(100, n);
    await minute();
    assert.equal(new Set(stand.letters.map(({ userId }) => userId)).size, 99);
  });
});

const stand = new Stand();
const { client } = stand;

/** A minute later, what the clock does then is done. */
async function minute(): Promise<void> {
  stand.clockMs += 60_000;
  await tick();
}
async function tick(): Promise<void> {
  await stand.host.tick("message.mails");
  await stand.host.drain();
}
const like = (by: number, authorId: number) =>
  stand.publishEvent(videoLiked, 7, { videoId: 7, userId: by, authorId, atMs: 1 });
const follow = (userId: number, targetId: number) =>
  stand.publishEvent(userFollowed, userId, { userId, targetId, atMs: 1 });
const comment = (userId: number, authorId: number, content: string) =>
  stand.publishEvent(commentCreated, 7, {
    commentId: 30,
    videoId: 7,
    userId,
    authorId,
    parentId: null,
    rootId: null,
    replyToUserId: null,
    mentions: [],
    content,
    atMs: 1,
  });
const decide = (userId: number, caseId = 1) =>
  stand.publishEvent(decisionMade, caseId, { caseId, userId, outcome: Outcome.enum.warned, note: "", atMs: 1 });
