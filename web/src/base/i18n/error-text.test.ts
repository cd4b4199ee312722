import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { notices } from "../../../../src/media/notice.ts";
import { rejections } from "../../../../src/media/rejection.ts";
import { Failure } from "#base/api/request/failure.ts";
import { en as first } from "./en.ts";
import { adminEn } from "./en/admin-en.ts";
import { errorsEn } from "./en/errors-en.ts";
import { filesEn } from "./en/files-en.ts";
import { inboxEn } from "./en/inbox-en.ts";
import { storageEn } from "./en/storage-en.ts";
import { errorText } from "./error-text.ts";
import { zh as firstZh } from "./zh.ts";
import { errorsZh } from "./zh/errors-zh.ts";

const en = { ...first, ...errorsEn };
const zh = { ...firstZh, ...errorsZh };

describe("the text of an error", () => {
  it("is selected by the error code, in the viewer's language", () => {
    const error = { code: "media.empty", message: "the file has no bytes" };
    assert.equal(errorText(error, en), en["error.media.empty"]);
    assert.equal(errorText(error, zh), zh["error.media.empty"]);
  });

  it("calls the site by its own name", () => {
    const error = { code: "gateway.closing", message: "" };
    assert.match(errorText(error, { ...en, site: "Owl" }), /^Owl is just restarting/);
    assert.match(errorText(error, { ...zh, site: "Owl" }), /^Owl 正在重启/);
  });

  it("falls back to the server's message, with a capital letter and a full stop", () => {
    assert.equal(errorText({ code: "video.odd", message: "this video is odd" }, en), "This video is odd.");
    assert.equal(errorText({ code: "video.odd", message: "Already fine." }, en), "Already fine.");
    assert.equal(errorText(new Failure(503, "video.odd", "this video is odd"), en), "This video is odd.");
  });

  it("states the end and the reason of a ban when the server gives them", () => {
    const error = { code: "auth.barred", message: "", until: "2026-12-01T10:00:00.000Z", reason: "rude $&" };
    assert.match(errorText(error, en, "en"), /^This account is closed\. Until .*2026.*\. Why: rude \$&$/);
    assert.match(errorText(error, zh, "zh"), /^该账号已被封禁。 截止时间：2026.*。 原因：rude \$&$/);
    assert.equal(errorText({ ...error, until: undefined, reason: undefined }, en), "This account is closed.");
  });

  it("is the general error text for an unknown code without a message", () => {
    assert.equal(errorText({ code: "x", message: " " }, en), en["error.title"]);
  });

  it("exists for every error code of the API and the media rules, except codes that the app never causes", () => {
    const texts: Readonly<Record<string, string>> = { ...en, ...filesEn, ...inboxEn, ...adminEn, ...storageEn };
    const codes = [...apiCodes(), ...Object.keys(rejections), ...Object.keys(notices), ...anywhere];
    for (const code of codes) assert.equal(`error.${code}` in texts, !neverShown.has(code), code);
    for (const code of neverShown) assert.ok(codes.includes(code), `${code} is no code any more`);
  });
});

/** Errors that any row may answer, so that the document does not repeat them at each. */
const anywhere = [
  "kernel.internal",
  "kernel.database_unavailable",
  "kernel.deadline_exceeded",
  "kernel.object_damaged",
  "kernel.service_unavailable",
  "kernel.storage_full",
  "kernel.storage_unavailable",
  "gateway.closing",
  "gateway.keys_unavailable",
  "gateway.too_large",
  "gateway.wrong_origin",
];

const neverShown = new Set([
  "gateway.bad_request",
  // It opens its socket by its cookie, without a ticket.
  "kernel.cache_unavailable",
  // It has no page for caches.
  "cache.cannot_warm",
  "cache.never_stale",
  "cache.not_found",
  "cache.one_target",
  "cache.ttl_too_long",
  // It draws no series of metrics.
  "monitor.bad_step",
  "monitor.bad_time",
  "monitor.too_many_points",
  // It sends what was not taken by its hash.
  "upload.not_instant",
  // It sends files in one stream, not in numbered chunks.
  "upload.bad_index",
  "upload.chunk_too_large",
  "upload.chunk_mismatch",
  "upload.empty_chunk",
  "upload.missing_chunks",
  "upload.wrong_chunk_size",
  // It is no runner.
  "runner.foreign_results",
  "runner.other_version",
  "runner.refused",
  "runner.registration_refused",
  "runner.switched_off",
  // It has no page for models of the feed.
  "recommend.model_not_found",
  // It has no page for jobs and events that were given up.
  "worker.event_not_found",
  "worker.job_not_found",
  "worker.job_replaced",
  // The app leaves renditions to the server.
  "media.not_transcodable",
  "media.unknown_profile",
  // It publishes what it has a file or an address of.
  "video.nothing_to_publish",
  // It filters one's own videos alone, and names what it changes about them.
  "video.nothing_to_change",
  "video.own_list_only",
]);

/** The codes in the descriptions of the API's answers: `code`: sentence. */
function apiCodes(): string[] {
  const text = readFileSync(new URL("../../../../api/openapi.json", import.meta.url), "utf8");
  const codes = Array.from(text.matchAll(/`([a-z]+\.[a-z_]+)`: /g), ([, code]) => code ?? "");
  assert.ok(codes.length > 20);
  return [...new Set(codes)];
}
