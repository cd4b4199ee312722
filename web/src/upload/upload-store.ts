import { useSyncExternalStore } from "react";
import { randomKey } from "../api/attempt.ts";
import { ask } from "../api/client.ts";
import { asFailure, Failure } from "../api/failure.ts";
import { queryClient } from "../api/queries.ts";
import { onLogOut } from "../api/session.ts";
import { dropUpload } from "../api/sending.ts";
import { carry } from "./carry.ts";
import {
  bodyOf,
  type Draft,
  draftKey,
  emptyDraft,
  fileNameOf,
  parseDraft,
  revise,
  titleOf,
  storedDraft,
} from "./draft.ts";
import { headHashOf } from "./hashing.ts";
import { sentBefore } from "./instant.ts";
import { addSample, type Rate, rateOf, type Sample } from "./rate.ts";
import { forgetUnfinished, keepUnfinished, unfinishedOf } from "./unfinished.ts";

/** The upload outlives the page that started it: moving through the app does not stop it. */
export interface UploadState {
  step: "none" | "sending" | "paused" | "checking" | "stored" | "elsewhere" | "failed";
  name: string;
  sizeBytes: number;
  /** Shows the file itself, before anything of it has been sent. `null` after a reload. */
  previewUrl: string | null;
  loadedBytes: number;
  rate: Rate;
  /** It does not move, and will by itself: there is no connection, or the server is busy. */
  waitsFor: Failure | null;
  failure: Failure | null;
  /** Publishing was asked for, and happens as soon as the file is there. */
  publish: "no" | "wanted" | "sending";
  publishFailure: Failure | null;
  publishedId: number | null;
  draft: Draft;
}

const unknownRate: Rate = { bytesPerSecond: null, secondsLeft: null };
const atRest = {
  step: "none",
  name: "",
  sizeBytes: 0,
  previewUrl: null,
  loadedBytes: 0,
  rate: unknownRate,
  waitsFor: null,
  failure: null,
  publish: "no",
  publishFailure: null,
  publishedId: null,
} as const;

let state: UploadState = restored();
let running: AbortController | null = null;
let lastFile: File | null = null;
const watchers = new Set<() => void>();

function restored(): UploadState {
  const stored = parseDraft(localStorage.getItem(draftKey));
  if (stored.media === null && stored.address !== null)
    return { ...atRest, step: "elsewhere", name: fileNameOf(stored.address), draft: stored };
  if (stored.media === null) return { ...atRest, draft: stored };
  const { name, sizeBytes } = stored.media;
  // A draft of an older version has no key yet.
  const draft = stored.publishKey === null ? saved(revise(stored, {}, randomKey)) : stored;
  return { ...atRest, step: "stored", name, sizeBytes, loadedBytes: sizeBytes, draft };
}

function saved(draft: Draft): Draft {
  localStorage.setItem(draftKey, storedDraft(draft));
  return draft;
}

function change(part: Partial<UploadState>) {
  state = { ...state, ...part };
  for (const watcher of watchers) watcher();
}

export const useUpload = (): UploadState =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );

export function changeDraft(part: Partial<Draft>): void {
  change({ draft: saved(revise(state.draft, part, randomKey)), publishFailure: null });
}

/** Sends the file immediately. `bytesMax` is this server's limit; 0 when that is unknown. */
export async function startUpload(file: File, bytesMax: number): Promise<void> {
  running?.abort();
  if (state.previewUrl !== null) URL.revokeObjectURL(state.previewUrl);
  lastFile = file;
  const about = { name: file.name, sizeBytes: file.size, previewUrl: file.size > 0 ? URL.createObjectURL(file) : null };
  change({ ...atRest, ...about, publish: state.publish === "wanted" ? "wanted" : "no" });
  changeDraft({ media: null, address: null, title: titledBy(file.name) });
  const refused = file.size === 0 ? "media.empty" : bytesMax > 0 && file.size > bytesMax ? "upload.too_large" : null;
  if (refused !== null) {
    change({ step: "failed", failure: new Failure(0, refused, ""), publish: "no" });
    return;
  }
  await goOn(file);
}

/** Sends what is not sent yet. */
async function goOn(file: File): Promise<void> {
  const controller = new AbortController();
  running = controller;
  await send(file, controller).catch((thrown: unknown) => {
    if (controller.signal.aborted) return;
    const failure = asFailure(thrown);
    // An upload that the server gave up or refused is begun anew; anything else is resumed.
    if (failure.status >= 400 && failure.status < 500 && failure.status !== 401) forgetUnfinished();
    change({ step: "failed", failure, publish: "no", waitsFor: null });
  });
}

async function send(file: File, mine: AbortController) {
  change({ step: "sending", waitsFor: null, failure: null });
  window.addEventListener("beforeunload", warn);
  let samples: Sample[] = [];
  try {
    const { signal } = mine;
    const url = await unfinishedOf(file, headHashOf);
    if (signal.aborted) return;
    const result = await carry({
      file,
      name: file.name,
      to: { purpose: "media" },
      url,
      sha256: null,
      signal,
      onUrl: (address) => keepUnfinished(file, address, headHashOf),
      onHash: () => undefined,
      onProgress: (loadedBytes) => {
        samples = addSample(samples, { atMs: performance.now(), loadedBytes });
        change({ step: "sending", loadedBytes, rate: rateOf(samples, file.size) });
      },
      onWaiting: (waitsFor) => {
        if (waitsFor !== null) samples = [];
        change({ waitsFor });
      },
      onSent: () => change({ step: "checking", loadedBytes: file.size }),
    });
    if (signal.aborted) return;
    if (result.mediaId === null) {
      change({ step: "checking" });
      forgetUnfinished();
    }
    const mediaId = result.mediaId ?? (await sentBefore(file, signal));
    forgetUnfinished();
    changeDraft({ media: { id: mediaId, name: file.name, sizeBytes: file.size } });
    change({ step: "stored", loadedBytes: file.size, waitsFor: null });
    if (state.publish === "wanted") await publishNow();
  } finally {
    if (running === mine) window.removeEventListener("beforeunload", warn);
  }
}

/** Asks before the page goes and takes a running upload with it. */
const warn = (event: BeforeUnloadEvent) => event.preventDefault();

export function pauseUpload(): void {
  if (state.step !== "sending") return;
  running?.abort();
  window.removeEventListener("beforeunload", warn);
  change({ step: "paused", rate: unknownRate, waitsFor: null });
}

export function resumeUpload(): void {
  if (state.step === "paused" && lastFile !== null) void goOn(lastFile);
}

export function retryUpload(bytesMax: number): void {
  if (lastFile !== null) void startUpload(lastFile, bytesMax);
}

/** Stops and forgets the file; what was typed stays. */
export function cancelUpload(): void {
  running?.abort();
  window.removeEventListener("beforeunload", warn);
  const left = forgetUnfinished();
  if (left !== null) dropUpload(left);
  if (state.previewUrl !== null) URL.revokeObjectURL(state.previewUrl);
  lastFile = null;
  change(atRest);
  changeDraft({ media: null, address: null });
}

/** Goes on to publish what is at an address: the server fetches it when it is published. */
export function takeAddress(address: string): void {
  cancelUpload();
  const name = fileNameOf(address);
  changeDraft({ address, title: titledBy(name) });
  change({ step: "elsewhere", name });
}

/** The typed title, else a first one. */
const titledBy = (fileName: string): string => (state.draft.title === "" ? titleOf(fileName) : state.draft.title);

/** Goes on to publish a file that is on the server already. What was typed about another stays. */
export function adoptMedia(media: { id: number; name: string; sizeBytes: number }, title: string): void {
  cancelUpload();
  changeDraft({ media, title: state.draft.title === "" ? title : state.draft.title });
  change({ step: "stored", name: media.name, sizeBytes: media.sizeBytes, loadedBytes: media.sizeBytes });
}

/** Publishes now, or as soon as the last byte is there. */
export function publish(): void {
  if (state.step === "stored" || state.step === "elsewhere") void publishNow();
  else change({ publish: "wanted", publishFailure: null });
}

export const editAgain = (): void => change({ publish: "no" });

async function publishNow() {
  const { publishKey } = state.draft;
  const body = bodyOf(state.draft);
  if (body === null || publishKey === null) return;
  change({ publish: "sending", publishFailure: null });
  try {
    const video = await ask("video.create", { body, idempotencyKey: publishKey });
    queryClient.setQueryData(["video", video.id], video);
    void queryClient.invalidateQueries({ queryKey: ["videos-of"] });
    void queryClient.invalidateQueries({ queryKey: ["feed"], refetchType: "none" });
    localStorage.removeItem(draftKey);
    if (state.previewUrl !== null) URL.revokeObjectURL(state.previewUrl);
    lastFile = null;
    change({ ...atRest, draft: emptyDraft, publishedId: video.id });
  } catch (thrown) {
    const failure = asFailure(thrown);
    // The stored file was cleaned up in the meantime: only a new upload helps.
    if (failure.code === "video.media_not_found") {
      changeDraft({ media: null });
      change({ step: "failed", failure, publish: "no" });
    } else change({ publish: "no", publishFailure: failure });
  }
}

/** The typed details belong to the user who was logged in. */
function forgetDraft() {
  cancelUpload();
  change({ draft: emptyDraft, publishedId: null });
  localStorage.removeItem(draftKey);
}
onLogOut(forgetDraft);

export const forgetPublished = (): void => change({ publishedId: null });
