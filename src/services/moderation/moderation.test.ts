import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted, userErased, userRegistered, userRoleChanged } from "#events/auth";
import { commentCreated } from "#events/interaction";
import { liveCreated, liveDeleted, liveStarted, liveUpdated } from "#events/live";
import { playlistDeleted, playlistUpdated, videoPublished, videoUpdated } from "#events/video";
import {
  accountSwept,
  blocklistChanged,
  contentApproved,
  contentFlagged,
  contentRemoved,
  contentRestored,
  decisionMade,
  type Kind,
  sweepUndone,
  userBanned,
  userMuted,
  userUnbanned,
  userUnmuted,
} from "#events/moderation";
import { audited, type Client, contract, type EventType, type Host, on, plugin, type Role } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { message, MessageNotFound } from "#services/message/contract";
import { sql } from "kysely";
import type { z } from "zod";
import { moderation, notesPerCaseMax, reportsPerHour } from "./contract.ts";
import { moderationPlugin } from "./plugin.ts";
import type { Tables } from "./store.ts";

describe("moderation", () => {
  before(async () => {
    await host.add(messageStand);
    await host.add(moderationPlugin);
    await host.add(neighbour);
  });
  beforeEach(async () => {
    await host.clear();
    receivedEvents.length = 0;
    clockMs = Date.UTC(2026, 10, 20);
    for (const [userId, role] of people)
      await publishEvent(userRegistered, userId, { userId, username: `u${userId}`, role });
    await publishEvent(videoPublished, 50, { ...aVideo, publishedAtMs: 1, version: 1 });
    await host.drain();
  });
  after(() => host[Symbol.asyncDispose]());

  it("makes one case of concurrent reports of one thing, with one report per reporter", async () => {
    const reporters = [11, 12, 13, 14, 15, 16];
    await Promise.all(reporters.flatMap((one) => [report(one), report(one), report(one)]));
    const { items } = await queue();
    assert.deepEqual(
      items.map(({ reportCount, authorId, excerpt, reasons }) => [reportCount, authorId, excerpt, reasons]),
      [[6, author, "A film", [{ reason: "spam", count: 6 }]]],
    );
    const [own] = (await client.reports({}, as(11))).items;
    assert.deepEqual([own?.state, own?.action, own?.reason], ["open", null, "spam"]);
    const whole = await client.caseReports({ id: items[0]?.id ?? 0 }, as(moderator));
    assert.deepEqual(
      whole.items.map(({ reporterId }) => reporterId).toSorted((a, b) => a - b),
      reporters,
    );
  });

  it("reveals neither the existence of content to reporters nor private content to moderators", async () => {
    await publishEvent(videoUpdated, 50, {
      ...aVideo,
      visibility: "private",
      changed: [],
      publishedAtMs: 1,
      generation: 2,
      version: 2,
    });
    await host.drain();
    const existing = await report(11);
    const absent = await client.report({ kind: "video", id: 51, reason: "spam" }, as(11));
    assert.deepEqual(Object.keys(existing), Object.keys(absent));
    assert.deepEqual([existing.state, existing.note], [absent.state, absent.note]);
    assert.deepEqual(
      (await queue()).items.map(({ excerpt }) => excerpt),
      ["", ""],
    );
  });

  it("shows moderators a private message reported by a participant, and nothing reported by other users", async () => {
    const reported = (by: number, id = 70) => client.report({ kind: "message", id, reason: "harassment" }, as(by));
    await reported(12);
    const excerpts = async () => (await queue()).items.map(({ excerpt, authorId }) => [excerpt, authorId]);
    assert.deepEqual(await excerpts(), [["", null]]);
    await assert.rejects(reported(author), { code: "moderation.your_own" });
    await reported(11);
    await reported(11, 71);
    assert.deepEqual(await excerpts(), [
      ["you there", author],
      ["(voice)", author],
    ]);
    const [first] = (await queue()).items;
    await client.resolve({ id: first?.id ?? 0, action: "remove", note: "no" }, as(moderator));
    await host.drain();
    assert.deepEqual(
      eventsOf(contentRemoved).map(({ kind, id }) => [kind, id]),
      [["message", 70]],
    );
  });

  it("shows the author and text of a reported playlist, and no text of a private one", async () => {
    const list = {
      playlistId: 60,
      userId: author,
      title: "Seas",
      description: "of mine",
      visibility: "public" as const,
    };
    const reported = (by: number) => client.report({ kind: "playlist", id: 60, reason: "spam" }, as(by));
    await publishEvent(playlistUpdated, 60, { ...list, title: "Worse", version: 2 });
    await publishEvent(playlistUpdated, 60, { ...list, version: 1 });
    await host.drain();
    await assert.rejects(reported(author), { code: "moderation.your_own" });
    await reported(11);
    const [first] = (await queue()).items;
    assert.deepEqual([first?.authorId, first?.excerpt], [author, "Worse\nof mine"]);
    await client.resolve({ id: first?.id ?? 0, action: "mute", note: "why" }, as(moderator));
    assert.deepEqual(
      (await client.decisions({}, as(author))).items.map(({ kind, action }) => [kind, action]),
      [["playlist", "mute"]],
    );
    await publishEvent(playlistUpdated, 60, { ...list, visibility: "private", version: 3 });
    await host.drain();
    await reported(11);
    await publishEvent(playlistDeleted, 60, { playlistId: 60, userId: author });
    await host.drain();
    assert.deepEqual(
      (await queue()).items.map(({ authorId, excerpt }) => [authorId, excerpt]),
      [[author, ""]],
      "what is private is not shown",
    );
    await client.decide({ kind: "playlist", id: 60, action: "dismiss" }, as(moderator));
    await publishEvent(playlistUpdated, 60, { ...list, version: 1 });
    await host.drain();
    await reported(12);
    assert.deepEqual(
      (await queue()).items.map(({ authorId }) => authorId),
      [null],
      "late news is not kept",
    );
  });

  it("shows the owner and text of a reported live room, and no text of a private one", async () => {
    const room = {
      liveId: 61,
      ownerId: author,
      title: "Harbour",
      description: "at night",
      categoryId: null,
      status: "waiting" as const,
      visibility: "public" as const,
      version: 1,
    };
    const reported = (by: number) => client.report({ kind: "live", id: 61, reason: "violence" }, as(by));
    await publishEvent(liveCreated, 61, room);
    const started = { ...room, status: "live" as const, startedAtMs: 1, notifiesFollowers: true };
    await publishEvent(liveStarted, 61, { ...started, title: "Worse", version: 2 });
    await host.drain();
    await assert.rejects(reported(author), { code: "moderation.your_own" });
    await reported(11);
    const live = await caseOf("live");
    assert.deepEqual([live.authorId, live.excerpt], [author, "Worse\nat night"]);
    await client.resolve({ id: live.id, action: "remove", note: "why" }, as(moderator));
    await client.undo({ id: live.id }, as(moderator));
    await host.drain();
    assert.deepEqual(
      [...eventsOf(contentRemoved), ...eventsOf(contentRestored)].map(({ kind, id }) => [kind, id]),
      [
        ["live", 61],
        ["live", 61],
      ],
    );
    await publishEvent(liveUpdated, 61, { ...room, visibility: "private", version: 3 });
    await host.drain();
    await reported(12);
    const hidden = (await queue()).items;
    assert.deepEqual(
      hidden.map(({ authorId, excerpt }) => [authorId, excerpt]),
      [[author, ""]],
    );
    await client.resolve({ id: hidden[0]?.id ?? 0, action: "dismiss" }, as(moderator));
    await publishEvent(liveDeleted, 61, { liveId: 61, ownerId: author, version: 4 });
    await host.drain();
    await reported(13);
    assert.deepEqual(
      (await queue()).items.map(({ authorId }) => authorId),
      [null],
    );
  });

  it("names the author and text of content whose event comes after the report", async () => {
    const named = async () =>
      (await queue()).items.map(({ authorId, videoId, excerpt }) => [authorId, videoId, excerpt]);
    await client.report({ kind: "comment", id: 90, reason: "spam" }, as(11));
    assert.deepEqual(await named(), [[null, null, ""]]);
    await publishEvent(commentCreated, 50, { ...aComment, commentId: 90, userId: author, content: "Worse words" });
    await host.drain();
    assert.deepEqual(await named(), [[author, 50, "Worse words"]]);
  });

  it("names the author of content whose event comes with the report", async () => {
    const comments = Array.from({ length: 40 }, (_, n) => 90 + n);
    const written = { ...aComment, userId: author, content: "Worse words" };
    for (const commentId of comments) await publishEvent(commentCreated, 50, { ...written, commentId });
    const reports = comments.map((id) => client.report({ kind: "comment", id, reason: "spam" }, as(1_000 + id)));
    await Promise.all([host.drain(), ...reports]);
    assert.deepEqual([...new Set((await queue()).items.map(({ excerpt }) => excerpt))], ["Worse words"]);
  });

  it("limits the reports of a user per hour, also under concurrency", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: reportsPerHour + 10 }, (_, n) =>
        client.report({ kind: "video", id: 1_000 + n, reason: "spam" }, as(11)),
      ),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, reportsPerHour);
    assert.ok(
      results.every((one) => one.status === "fulfilled" || codeOf(one.reason) === "moderation.too_many_reports"),
    );
    clockMs += 3_600_001;
    await report(11);
  });

  it("decides a case once under concurrent decisions, and shows reporter and author the decision", async () => {
    await report(11);
    const [open] = (await queue()).items;
    const decided = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        client.resolve({ id: open?.id ?? 0, action: "remove", note: "not here", rule: " 2. No spam. " }, as(moderator)),
      ),
    );
    assert.equal(decided.filter(({ status }) => status === "fulfilled").length, 1);
    for (const one of decided)
      if (one.status === "rejected") assert.equal(codeOf(one.reason), "moderation.already_decided");
    await host.drain();
    assert.deepEqual(eventsOf(contentRemoved), [{ kind: "video", id: 50, reason: "not here", atMs: clockMs }]);
    const [own] = (await client.reports({}, as(11))).items;
    assert.deepEqual([own?.state, own?.action, own?.note], ["decided", "remove", "not here"]);
    const [theirs] = (await client.decisions({}, as(author))).items;
    assert.deepEqual(
      [theirs?.action, theirs?.note, theirs?.rule, theirs?.appeal],
      ["remove", "not here", "2. No spam.", null],
    );
    // A dismissed case broke no rule.
    await report(12);
    const dismissed = await caseOf("video");
    const answer = await client.resolve({ id: dismissed.id, action: "dismiss", rule: "2. No spam." }, as(moderator));
    assert.equal(answer.rule, "");
    // A thing that is reported after that is a new case.
    await report(12);
    assert.equal((await queue()).items.length, 1);
  });

  it("is claimed by one moderator, released by that one or an administrator, and taken over on request", async () => {
    await report(11);
    const { id } = await caseOf("video");
    const claims = await Promise.allSettled([moderator, otherModerator].map((by) => client.claim({ id }, as(by))));
    const refusals = claims.flatMap((one) => (one.status === "rejected" ? [codeOf(one.reason)] : []));
    assert.deepEqual(refusals, ["moderation.claimed"]);
    const first = (await caseOf("video")).assigneeId ?? 0;
    const second = first === moderator ? otherModerator : moderator;
    const mine = async (by: number) => (await client.queue({ mine: true }, as(by))).items.length;
    assert.deepEqual([await mine(first), await mine(second)], [1, 0]);
    assert.equal((await client.claim({ id }, as(first))).assigneeId, first);
    await assert.rejects(client.release({ id }, as(second)), { code: "moderation.claimed" });
    assert.equal((await client.claim({ id, takeOver: true }, as(second))).assigneeId, second);
    assert.deepEqual([await mine(first), await mine(second)], [0, 1]);
    assert.equal((await client.release({ id }, as(admin))).assigneeId, null);
    await client.claim({ id }, as(first));
    // A claim stops nobody from deciding.
    await client.resolve({ id, action: "dismiss" }, as(second));
    await assert.rejects(client.claim({ id }, as(second)), { code: "moderation.already_decided" });
    await assert.rejects(client.claim({ id: 404 }, as(first)), { code: "moderation.case_not_found" });
    await host.drain();
    const acts = (await client.audit({ area: "moderation", limit: 100 }, as(admin))).items.map(({ act }) => act);
    assert.deepEqual(acts.toReversed().slice(0, 4), [
      "moderation.claimed",
      "moderation.claimed",
      "moderation.released",
      "moderation.claimed",
    ]);
  });

  it("bans a user once, lets only administrators ban moderators, and refuses administrators and oneself", async () => {
    const ban = (id: number, by: number) => client.decide({ kind: "user", id, action: "ban", note: "n" }, as(by));
    await Promise.all(Array.from({ length: 4 }, () => ban(11, moderator)));
    await host.drain();
    assert.equal(eventsOf(userBanned).length, 1);
    await assert.rejects(ban(admin, moderator), { code: "moderation.out_of_reach" });
    await assert.rejects(ban(admin, otherAdmin), { code: "moderation.out_of_reach" });
    await assert.rejects(ban(otherModerator, moderator), { code: "moderation.out_of_reach" });
    await assert.rejects(ban(moderator, moderator), { code: "moderation.your_own" });
    await ban(otherModerator, admin);
    await host.drain();
    const banned = eventsOf(userBanned);
    assert.ok(banned.every(({ userId }) => [11, otherModerator].includes(userId)));
    assert.deepEqual(banned.at(-1)?.byAdmin, true);
    // The present role counts, not the former one.
    await publishEvent(userRoleChanged, 12, { userId: 12, role: "admin", atMs: clockMs });
    await host.drain();
    await assert.rejects(ban(12, admin), { code: "moderation.out_of_reach" });
  });

  it("ends suspensions and mutes automatically, once, and extended ones at their new end", async () => {
    const day = 86_400_000;
    const until = (days: number) => clockMs + days * day;
    await client.decide({ kind: "user", id: 11, action: "suspend", untilMs: until(1) }, as(moderator));
    await client.decide({ kind: "user", id: 12, action: "mute", untilMs: until(1) }, as(moderator));
    await client.decide({ kind: "user", id: 11, action: "suspend", untilMs: until(3) }, as(moderator));
    await assert.rejects(client.decide({ kind: "user", id: 13, action: "suspend" }, as(moderator)), {
      code: "moderation.end_missing",
    });
    clockMs += 2 * day;
    await Promise.all([ends(), ends()]);
    await host.drain();
    assert.deepEqual([eventsOf(userUnmuted).length, eventsOf(userUnbanned).length], [1, 0]);
    clockMs += 2 * day;
    await Promise.all([ends(), ends()]);
    await host.drain();
    assert.deepEqual(
      eventsOf(userUnbanned).map(({ userId }) => userId),
      [11],
    );
    assert.deepEqual((await client.standing({ id: 11 }, as(moderator))).items, []);
  });

  it("keeps each ban until it is revoked or ends, and publishes the longest", async () => {
    const day = 86_400_000;
    const bans = () => receivedEvents.flatMap(banOf);
    const bar = (by: number, days?: number) =>
      client.decide(
        {
          kind: "user",
          id: 11,
          note: `${days}`,
          ...(days ? { action: "suspend", untilMs: clockMs + days * day } : { action: "ban" }),
        },
        as(by),
      );
    const [start] = [clockMs];
    const ban = await bar(admin);
    const short = await bar(moderator, 1);
    await host.drain();
    assert.deepEqual(bans(), [null]);
    assert.equal((await client.standing({ id: 11 }, as(moderator))).items.length, 2);
    await client.undo({ id: short.id }, as(moderator));
    await host.drain();
    assert.deepEqual(bans(), [null]);
    const long = await bar(moderator, 3);
    await bar(moderator, 2);
    await client.undo({ id: ban.id }, as(admin));
    await host.drain();
    assert.deepEqual(bans(), [null, start + 3 * day]);
    await client.undo({ id: long.id }, as(moderator));
    await host.drain();
    assert.deepEqual(bans(), [null, start + 3 * day, start + 2 * day]);
    clockMs += 3 * day;
    await ends();
    await host.drain();
    assert.deepEqual(bans().at(-1), "none");
    assert.deepEqual((await client.standing({ id: 11 }, as(moderator))).items, []);
  });

  it("undoes decisions: reopens dismissed cases, restores removed content and unmutes users", async () => {
    await report(11);
    const [open] = (await queue()).items;
    const id = open?.id ?? 0;
    await client.resolve({ id, action: "dismiss" }, as(moderator));
    assert.equal((await client.undo({ id }, as(moderator))).state, "open");
    await client.resolve({ id, action: "remove" }, as(moderator));
    await client.undo({ id }, as(moderator));
    const mute = await client.decide({ kind: "user", id: 12, action: "mute" }, as(moderator));
    await client.undo({ id: mute.id }, as(moderator));
    await host.drain();
    assert.deepEqual(
      [eventsOf(contentRestored).length, eventsOf(userMuted).length, eventsOf(userUnmuted).length],
      [1, 1, 1],
    );
    await assert.rejects(client.undo({ id: 999 }, as(moderator)), { code: "moderation.case_not_found" });
  });

  it("refuses to undo a removal when the content was not kept", async () => {
    await client.report({ kind: "comment", id: 80, reason: "spam" }, as(11));
    const [open] = (await queue()).items;
    const id = open?.id ?? 0;
    const decided = await client.resolve({ id, action: "remove" }, as(moderator));
    assert.equal(decided.isFinal, false);
    await host
      .database<Tables>("moderation")
      .updateTable("moderation.cases")
      .set({ is_final: true, author_id: 1 })
      .execute();
    await client.appeal({ caseId: id, text: "please" }, as(author));
    await assert.rejects(client.undo({ id }, as(moderator)), { code: "moderation.not_kept", http: 409 });
    await assert.rejects(client.answerAppeal({ id, accept: true }, as(moderator)), { code: "moderation.not_kept" });
    await client.answerAppeal({ id, accept: false }, as(moderator));
    await host.drain();
    assert.deepEqual(eventsOf(contentRestored), []);
    const { items } = await client.queue({ state: "decided" }, as(moderator));
    assert.deepEqual(
      items.map(({ isFinal, action }) => [isFinal, action]),
      [[true, "remove"]],
    );
  });

  it("notifies the affected user of every decision except a dismissal", async () => {
    const decisions = () =>
      eventsOf(decisionMade).map(
        ({ userId, outcome, note }) => `${userId} ${outcome}${note === "" ? "" : `: ${note}`}`,
      );
    await report(11);
    const [open] = (await queue()).items;
    const id = open?.id ?? 0;
    await client.resolve({ id, action: "dismiss", note: "fine" }, as(moderator));
    await client.undo({ id }, as(moderator));
    await client.resolve({ id, action: "remove", note: "not here" }, as(moderator));
    await client.appeal({ caseId: id, text: "please" }, as(author));
    await client.answerAppeal({ id, accept: false, answer: "no" }, as(moderator));
    await client.undo({ id }, as(moderator));
    await client.decide({ kind: "user", id: 12, action: "warn", note: "be kind" }, as(moderator));
    await client.decide({ kind: "user", id: 12, action: "mute", untilMs: clockMs + 1_000 }, as(moderator));
    await client.decide({ kind: "user", id: 13, action: "suspend", untilMs: clockMs + 1_000 }, as(moderator));
    await client.decide({ kind: "user", id: 13, action: "suspend", untilMs: clockMs + 5_000 }, as(moderator));
    await client.decide({ kind: "user", id: 14, action: "ban" }, as(moderator));
    clockMs += 2_000;
    await Promise.all([ends(), ends()]);
    await host.drain();
    assert.deepEqual(decisions().toSorted(), [
      `${author} appeal_refused: no`,
      `${author} decision_undone`,
      `${author} removed: not here`,
      "12 measure_ended",
      "12 muted",
      "12 warned: be kind",
      "13 suspended",
      "13 suspended",
      "14 banned",
    ]);
  });

  it("accepts one appeal per decision, and revokes the decision when it succeeds", async () => {
    await report(11);
    const [open] = (await queue()).items;
    const caseId = open?.id ?? 0;
    await assert.rejects(client.appeal({ caseId, text: "t" }, as(author)), { code: "moderation.case_not_found" });
    await client.resolve({ id: caseId, action: "remove", note: "why" }, as(moderator));
    await assert.rejects(client.appeal({ caseId, text: "t" }, as(11)), { code: "moderation.case_not_found" });
    const appeals = await Promise.allSettled(
      [1, 2, 3].map(() => client.appeal({ caseId, text: "please" }, as(author))),
    );
    assert.equal(appeals.filter(({ status }) => status === "fulfilled").length, 1);
    const [waiting] = (await client.appeals({}, as(otherModerator))).items;
    assert.deepEqual([waiting?.appeal.text, waiting?.id], ["please", caseId]);
    await client.answerAppeal({ id: caseId, accept: true, answer: "sorry" }, as(otherModerator));
    await assert.rejects(client.answerAppeal({ id: caseId, accept: false }, as(moderator)), {
      code: "moderation.appeal_not_found",
    });
    await host.drain();
    assert.equal(eventsOf(contentRestored).length, 1);
    const [theirs] = (await client.decisions({}, as(author))).items;
    assert.deepEqual([theirs?.action, theirs?.appeal?.state, theirs?.appeal?.answer], ["dismiss", "accepted", "sorry"]);
  });

  it("publishes the approval or removal of held content", async () => {
    for (const id of [71, 72]) await publishEvent(contentFlagged, id, { ...heldComment, id, atMs: clockMs });
    await host.drain();
    const { items } = await queue({ held: true });
    const counts = await client.counts({}, as(moderator));
    assert.deepEqual([counts.open, counts.held, counts.mine], [(await queue({ held: false })).items.length, 2, 0]);
    await client.claim({ id: items[0]?.id ?? 0 }, as(moderator));
    assert.equal((await client.counts({}, as(moderator))).mine, 1);
    assert.deepEqual(
      items.map(({ thingId, heldFor, isHeld }) => [thingId, heldFor, isHeld]),
      [
        [71, "link", true],
        [72, "link", true],
      ],
    );
    await client.resolve({ id: items[0]?.id ?? 0, action: "dismiss" }, as(moderator));
    await client.resolve({ id: items[1]?.id ?? 0, action: "remove" }, as(moderator));
    await host.drain();
    assert.deepEqual(
      eventsOf(contentApproved).map(({ id }) => id),
      [71],
    );
    assert.deepEqual(
      eventsOf(contentRemoved).map(({ id }) => id),
      [72],
    );
    await assert.rejects(client.undo({ id: items[0]?.id ?? 0 }, as(moderator)), { code: "moderation.not_decided" });
    const decided = (await client.queue({ state: "decided", sort: "oldest" }, as(moderator))).items;
    assert.deepEqual(
      decided.map(({ isFinal }) => isFinal),
      [true, false],
      "what was let through was read",
    );
  });

  it("publishes the whole blocklist in growing versions under concurrent changes", async () => {
    const patterns = Array.from({ length: 8 }, (_, n) => `word${n}`);
    await Promise.all(patterns.map((pattern) => client.addWord({ pattern, action: "hold" }, as(admin))));
    await assert.rejects(client.addWord({ pattern: "WORD1", action: "refuse" }, as(admin)), {
      code: "moderation.word_exists",
    });
    await assert.rejects(client.addWord({ pattern: "**", action: "refuse" }, as(admin)), {
      code: "moderation.bad_word",
    });
    await host.drain();
    const lists = eventsOf(blocklistChanged);
    assert.deepEqual(
      lists.map(({ version }) => version).toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.equal(lists.find(({ version }) => version === 8)?.words.length, 8);
    const { items } = await client.words({}, as(admin));
    await client.removeWord({ id: items[0]?.id ?? 0 }, as(admin));
    await host.drain();
    assert.equal(eventsOf(blocklistChanged).at(-1)?.words.length, 7);
  });

  it("pages through the filtered audit trail, in which the database allows no change or deletion (S8.5)", async () => {
    for (let n = 0; n < 25; n++)
      await publishEvent(audited, n + 1, {
        act: n % 2 ? "a.done" : "b.done",
        actorId: 11,
        subject: { kind: "video", id: 50 },
        atMs: n,
      });
    await host.drain();
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.audit({ act: "b.done", limit: 5, ...(cursor !== undefined && { cursor }) }, as(admin));
      seen.push(...page.items.map(({ atMs }) => atMs));
      if (page.next === null) break;
      cursor = page.next;
    }
    assert.deepEqual(seen, [24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
    const ofArea = await client.audit({ area: "a", limit: 50 }, as(admin));
    assert.deepEqual(new Set(ofArea.items.map(({ act }) => act)), new Set(["a.done"]));
    assert.equal(ofArea.items.length, 12);
    assert.deepEqual((await client.audit({ area: "a.done" }, as(admin))).items, []);
    const db = host.database<Tables>("moderation");
    for (const statement of [sql`UPDATE moderation.audit SET act = 'x'`, sql`DELETE FROM moderation.audit`])
      await assert.rejects(statement.execute(db), /only added to/);
    assert.equal(
      (await client.audit({ subjectId: 50, sinceMs: 3, beforeMs: 9, limit: 50 }, as(admin))).items.length,
      6,
    );
  });

  it("lists the other cases of an author, latest first, and of content whose author is unknown", async () => {
    const decided = await client.decide({ kind: "video", id: 50, action: "warn", note: "mind" }, as(moderator));
    await client.decide({ kind: "user", id: 11, action: "dismiss" }, as(moderator));
    await client.report({ kind: "user", id: author, reason: "spam" }, as(11));
    await report(12);
    const open = await caseOf("video");
    const history = await client.history({ id: open.id }, as(moderator));
    assert.deepEqual(
      history.items.map(({ kind, thingId, action }) => [kind, thingId, action]),
      [
        ["user", author, null],
        ["video", 50, "warn"],
      ],
    );
    assert.deepEqual(await client.oneCase({ id: decided.id }, as(moderator)), history.items[1]);
    const first = await client.decide({ kind: "comment", id: 900, action: "dismiss" }, as(moderator));
    await client.decide({ kind: "comment", id: 901, action: "dismiss" }, as(moderator));
    await client.report({ kind: "comment", id: 900, reason: "spam" }, as(12));
    const unknown = await client.history({ id: (await caseOf("comment")).id }, as(moderator));
    assert.deepEqual(
      unknown.items.map(({ id }) => id),
      [first.id],
    );
    for (const method of ["history", "oneCase", "notes"] as const)
      await assert.rejects(client[method]({ id: 1 }, as(moderator)), { code: "moderation.case_not_found" }, method);
  });

  it("keeps internal notes of a case, which their author and administrators can remove", async () => {
    await report(11);
    const { id } = await caseOf("video");
    for (const text of ["asked the uploader", "no answer yet"]) await client.addNote({ id, text }, as(moderator));
    const textsOf = async () => (await client.notes({ id }, as(otherModerator))).items.map(({ text }) => text);
    assert.deepEqual(await textsOf(), ["no answer yet", "asked the uploader"]);
    const [last, first] = (await client.notes({ id }, as(moderator))).items;
    assert.equal(last?.authorId, moderator);
    await assert.rejects(client.removeNote({ id: last?.id ?? 0 }, as(otherModerator)), {
      code: "moderation.not_your_note",
    });
    await client.removeNote({ id: last?.id ?? 0 }, as(moderator));
    await client.removeNote({ id: first?.id ?? 0 }, as(admin));
    assert.deepEqual(await textsOf(), []);
    await host.drain();
    const { items } = await client.audit({ area: "moderation" }, as(admin));
    assert.deepEqual(items.map(({ act, actorId }) => `${act} by ${actorId}`).toSorted(), [
      `moderation.note_added by ${moderator}`,
      `moderation.note_added by ${moderator}`,
      `moderation.note_removed by ${moderator}`,
      `moderation.note_removed by ${admin}`,
    ]);
  });

  it("limits the notes of a case under concurrency, and keeps those of a deleted moderator without a name", async () => {
    await report(11);
    const { id } = await caseOf("video");
    const added = await Promise.allSettled(
      Array.from({ length: notesPerCaseMax + 5 }, () => client.addNote({ id, text: "again" }, as(otherModerator))),
    );
    assert.equal(added.filter(({ status }) => status === "fulfilled").length, notesPerCaseMax);
    await publishEvent(userDeleted, otherModerator, { userId: otherModerator });
    await host.drain();
    const { items } = await client.notes({ id, limit: 1 }, as(moderator));
    assert.deepEqual([items[0]?.authorId, items[0]?.text], [null, "again"]);
  });

  it("keeps the open cases of others when a reporter's account is deleted", async () => {
    const opened = await client.decide({ kind: "video", id: 50, action: "dismiss" }, as(moderator));
    assert.equal((await client.undo({ id: opened.id }, as(moderator))).state, "open");
    await client.report({ kind: "comment", id: 80, reason: "spam" }, as(12));
    await client.report({ kind: "comment", id: 81, reason: "spam" }, as(12));
    await client.report({ kind: "comment", id: 81, reason: "spam" }, as(13));
    await publishEvent(userDeleted, 12, { userId: 12 });
    await host.drain();
    assert.deepEqual(
      (await queue()).items.map(({ thingId, reportCount }) => [thingId, reportCount]),
      [
        [50, 0],
        [81, 1],
      ],
    );
  });

  it("deletes the data of a deleted account, and ignores its late events", async () => {
    await report(11);
    await report(12);
    await client.addNote({ id: (await caseOf("video")).id, text: "of 11" }, as(moderator));
    await client.report({ kind: "user", id: 11, reason: "hate", text: "words" }, as(12));
    await client.decide({ kind: "user", id: 11, action: "mute" }, as(moderator));
    for (const userId of [11, author]) await publishEvent(userDeleted, userId, { userId });
    await host.drain();
    await publishEvent(commentCreated, 50, aComment);
    await host.drain();
    const db = host.database<Tables>("moderation");
    for (const table of ["cases", "reports", "measures", "things", "appeals", "case_notes"].map(
      (name) => `moderation.${name}` as keyof Tables,
    ))
      assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table);
    assert.deepEqual(
      eventsOf(userErased).map(({ service }) => service),
      ["moderation", "moderation"],
    );
  });

  it("takes back all that a spammer has, with one case undecided by it, and brings that and nothing else back", async () => {
    for (let n = 0; n < 250; n++) await publishEvent(commentCreated, 50, { ...aComment, commentId: 1_000 + n });
    await publishEvent(commentCreated, 50, { ...aComment, commentId: 99, userId: 12 });
    await host.drain();
    await client.decide({ kind: "comment", id: 1_000, action: "remove" }, as(otherModerator));
    await host.drain();
    receivedEvents.length = 0;
    for (let n = 0; n < 2; n++) await client.sweep({ id: 11, note: "spam" }, as(moderator));
    await host.drain();
    const removed = eventsOf(contentRemoved).map(({ kind, id, reason }) => `${kind} ${id} ${reason}`);
    assert.equal(new Set(removed).size, 249);
    assert.equal(removed.length, 249);
    assert.ok(removed.every((line) => /^comment 1\d\d\d spam$/.test(line)) && !removed.includes("comment 1000 spam"));
    assert.equal((await client.standing({ id: 11 }, as(moderator))).sweptAtMs, clockMs);
    const [first, second] = eventsOf(accountSwept);
    assert.equal(first?.sweepId, second?.sweepId);
    await client.decide({ kind: "comment", id: 1_001, action: "remove" }, as(otherModerator));
    for (let n = 0; n < 2; n++) await client.undoSweep({ id: 11 }, as(moderator));
    await host.drain();
    const restored = eventsOf(contentRestored).map(({ id }) => id);
    assert.deepEqual([restored.length, new Set(restored).size], [248, 248]);
    assert.ok(!restored.includes(1_000) && !restored.includes(1_001));
    assert.equal(eventsOf(sweepUndone).length, 1);
    assert.equal((await client.standing({ id: 11 }, as(moderator))).sweptAtMs, null);
    const { items } = await client.audit({ subjectId: 11 }, as(admin));
    assert.deepEqual(
      items.map(({ act, actorId, detail }) => [act, actorId, detail]),
      [
        ["moderation.sweep_undone", moderator, ""],
        ["moderation.swept", moderator, "spam"],
        ["moderation.swept", moderator, "spam"],
      ],
    );
  });

  it("withdraws the open reports of a spammer: a case that others reported stays, and one without others is dismissed", async () => {
    await publishEvent(videoPublished, 51, { ...aVideo, videoId: 51, publishedAtMs: 1, version: 1 });
    await publishEvent(contentFlagged, 91, { ...heldComment, id: 91, authorId: 12, atMs: 1 });
    await host.drain();
    await report(11);
    await report(13);
    await client.report({ kind: "video", id: 51, reason: "spam" }, as(11));
    await client.report({ kind: "comment", id: 91, reason: "spam" }, as(11));
    await client.sweep({ id: 11, note: "spam" }, as(moderator));
    await host.drain();
    const open = (await client.queue({}, as(moderator))).items;
    assert.deepEqual(open.map(({ kind, reportCount }) => `${kind} ${reportCount}`).toSorted(), [
      "comment 0",
      "video 1",
    ]);
    const decided = (await client.queue({ state: "decided" }, as(moderator))).items;
    assert.deepEqual(
      decided.map(({ action, moderatorId, note }) => [action, moderatorId, note]),
      [["dismiss", moderator, "spam"]],
    );
    assert.deepEqual((await client.reports({}, as(11))).items, []);
  });

  it("takes nothing back of staff beyond one's reach, of oneself, and for users", async () => {
    const out = { code: "moderation.out_of_reach", http: 403 };
    await assert.rejects(client.sweep({ id: otherModerator }, as(moderator)), out);
    await assert.rejects(client.undoSweep({ id: admin }, as(moderator)), out);
    await assert.rejects(client.sweep({ id: otherAdmin }, as(admin)), out);
    await assert.rejects(client.sweep({ id: moderator }, as(moderator)), { http: 403 });
    await assert.rejects(client.sweep({ id: 12 }, as(11)), { http: 403 });
    await client.sweep({ id: otherModerator }, as(admin));
    await host.drain();
    assert.equal(eventsOf(accountSwept).length, 1);
  });
});

const author = 1;
const moderator = 2;
const otherModerator = 3;
const admin = 4;
const otherAdmin = 5;
const people: readonly (readonly [number, Role])[] = [
  [author, "user"],
  [moderator, "moderator"],
  [otherModerator, "moderator"],
  [admin, "admin"],
  [otherAdmin, "admin"],
];
const aVideo = { videoId: 50, userId: author, title: "A film", hashtags: [], visibility: "public" as const };
const aComment = {
  commentId: 90,
  videoId: 50,
  authorId: author,
  userId: 11,
  parentId: null,
  rootId: null,
  replyToUserId: null,
  mentions: [],
  content: "late",
  atMs: 1,
};
const heldComment = {
  kind: "comment" as const,
  authorId: 11,
  videoId: 50,
  excerpt: "see https://example.org",
  heldFor: "link",
  isHeld: true,
};

let clockMs = 0;
const host = new TestHost({ environment: { now: () => clockMs } });
const ends = () => host.tick("moderation.ends");
const client: Client<typeof moderation> = host.client(moderation);
const as = (userId: number) => callOf(userId, { role: people.find(([id]) => id === userId)?.[1] ?? "user" });
const report = (by: number) => client.report({ kind: "video", id: 50, reason: "spam" }, as(by));
const caseOf = async (kind: Kind) => {
  const { items } = await client.queue({ kind, limit: 1 }, as(moderator));
  assert.ok(items[0]);
  return items[0];
};
const queue = (wanted: { held?: boolean } = {}) => client.queue(wanted, as(moderator));
const codeOf = (error: unknown) => (error as { code?: unknown }).code;

const receivedEvents: { readonly name: string; readonly payload: unknown }[] = [];
const eventsOf = <P extends z.ZodType>({ name, payload }: EventType<P>): z.output<P>[] =>
  receivedEvents.filter((one) => one.name === name).map((one) => payload.parse(one.payload));

/** The ban in an event: until when, permanent, or none. */
const banOf = ({ name, payload }: (typeof receivedEvents)[number]): (number | null | "none")[] => {
  if (name === userBanned.name) return [userBanned.payload.parse(payload).untilMs];
  return name === userUnbanned.name ? ["none"] : [];
};
let voice: Host | undefined;
const publishEvent = <P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> =>
  voice ? voice.db.tx((tx) => voice?.emit(tx, type, key, payload) ?? Promise.resolve()) : Promise.resolve();
const listened = [
  userMuted,
  userUnmuted,
  userBanned,
  userUnbanned,
  contentRemoved,
  contentRestored,
  contentApproved,
  decisionMade,
  blocklistChanged,
  userErased,
  accountSwept,
  sweepUndone,
];
/** Stands where private messages are: 70 and 71 are from the author to 11. */
const messageStand = plugin({
  contract: contract("message", 1, { get: message.methods.get }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      async get({ id }, { userId }) {
        if ((id !== 70 && id !== 71) || (userId !== 11 && userId !== author)) throw MessageNotFound({});
        return {
          id,
          conversationId: 7,
          senderId: author,
          receiverId: 11,
          type: id === 70 ? 1 : 4,
          content: id === 70 ? "you there" : "",
          mediaUrl: "",
          videoId: null,
          isRead: false,
          readAtMs: null,
          isMine: userId === author,
          createdAtMs: 1,
        };
      },
    },
  }),
});
const neighbour = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  start: (given: Host) => {
    voice = given;
    return {
      handlers: {},
      subscriptions: listened.map((type: EventType) =>
        on(type, async (_, payload) => void receivedEvents.push({ name: type.name, payload })),
      ),
    };
  },
});
