import type { BlobStore } from "../../../src/kernel/blob/port.ts";
import type { Cache } from "../../../src/kernel/cache/port.ts";
import { newCall } from "../../../src/kernel/call.ts";
import type { Client } from "../../../src/kernel/contract.ts";
import { within } from "../../../src/kernel/deadline.ts";
import type { ServiceHost } from "../../../src/kernel/host/host.ts";
import type { Component, Sample } from "../../../src/services/monitor/contract.ts";
import type { transcoder } from "../../../src/services/transcoder/contract.ts";

/** A part that does not answer within this time counts as down. */
const answerMs = 2_000;
/** Events that wait for longer are no longer on their way. */
const lagSecondsMax = 60;
const messageMax = 500;

interface Parts {
  readonly host: Pick<ServiceHost, "ready">;
  readonly blob: Pick<BlobStore, "ready">;
  readonly cache: Pick<Cache, "away" | "get">;
  readonly hasRedis: boolean;
  /** Why optional parts of this process cannot be used; undefined where it has no such part. */
  readonly replicas: (() => string | undefined) | undefined;
  readonly registry: (() => string | undefined) | undefined;
  readonly searchIndex: (() => Promise<string | undefined>) | undefined;
  /** Services it calls that no process can be reached for. */
  readonly unreachable: () => Promise<Record<string, string>>;
  /** In a process that runs the transcoder. */
  readonly transcoder: Client<typeof transcoder> | undefined;
}

/** The parts that a process stands on, each with its state and how long it took to answer. */
export function createComponents(parts: Parts): (samples: readonly Sample[]) => Promise<Component[]> {
  const { host, blob, cache, hasRedis, replicas, registry, searchIndex, unreachable, transcoder } = parts;

  const database = () =>
    measureAnswer(host.ready()).then(
      ({ answer, latencyMs }) => {
        const [lack] = Object.values(answer);
        return component("database", "database", lack === undefined ? "ok" : "down", lack, latencyMs);
      },
      () => component("database", "database", "down", "the database does not answer"),
    );
  const storage = () =>
    measureAnswer(blob.ready()).then(
      ({ answer, latencyMs }) => {
        const state = answer === undefined ? "ok" : answer.canRead ? "degraded" : "down";
        return component("storage", "storage", state, answer?.reason, latencyMs);
      },
      () => component("storage", "storage", "down", "the store for files does not answer"),
    );
  async function cacheState(): Promise<Component> {
    if (!hasRedis) return component("cache", "cache", "ok");
    const answered = await measureAnswer(cache.get("monitor")).catch(() => undefined);
    const reason = cache.away() ?? (answered ? undefined : "Redis does not answer");
    return component("cache", "cache", reason === undefined ? "ok" : "degraded", reason, answered?.latencyMs);
  }
  async function search(): Promise<Component[]> {
    if (!searchIndex) return [];
    return measureAnswer(searchIndex()).then(
      ({ answer, latencyMs }) => [
        component("search index", "search", answer === undefined ? "ok" : "degraded", answer, latencyMs),
      ],
      () => [component("search index", "search", "degraded", "Elasticsearch does not answer")],
    );
  }
  async function media(): Promise<Component[]> {
    if (!transcoder) return [];
    const capabilities = await transcoder.capabilities({}, newCall({ waitMs: answerMs })).catch(() => undefined);
    if (!capabilities) return [component("ffmpeg", "media", "degraded", "the transcoder does not answer")];
    const { version, faults } = capabilities;
    if (version === null) return [component("ffmpeg", "media", "down", "FFmpeg is missing")];
    const isFaulty = faults?.state === "known";
    return [component("ffmpeg", "media", isFaulty ? "degraded" : "ok", isFaulty ? faults.says : undefined)];
  }
  async function services(): Promise<Component[]> {
    const lacks = await within(answerMs, unreachable()).catch(() => ({}));
    return Object.entries(lacks).map(([name, reason]) => component(name, "service", "down", reason));
  }
  const optional = (name: string, kind: Component["kind"], look: (() => string | undefined) | undefined) => {
    if (!look) return [];
    const reason = look();
    return [component(name, kind, reason === undefined ? "ok" : "degraded", reason)];
  };

  // A report between two minutes has no samples, and these parts as they were.
  let eachMinute: Component[] | undefined;
  async function everyMinute(samples: readonly Sample[]): Promise<Component[]> {
    const isStart = eachMinute === undefined;
    // The first question about FFmpeg tries it out: not while the process starts.
    if (samples.length > 0) eachMinute = [...events(samples), ...(isStart ? [] : await media())];
    return eachMinute ?? [];
  }

  return async (samples) => {
    const answers = [database(), storage(), cacheState(), search(), services(), everyMinute(samples)];
    return [
      ...(await Promise.all<Component | Component[]>(answers)).flat(),
      ...optional("replicas", "database", replicas),
      ...optional("registry", "registry", registry),
    ];
  };
}

/** The way of events to their consumers, by how long the oldest waits; only in reports with samples. Pure. */
function events(samples: readonly Sample[]): Component[] {
  const lags = samples.filter(({ name }) => name === "event_lag").map(({ value }) => value);
  if (lags.length === 0) return [];
  const seconds = Math.round(Math.max(...lags));
  const isLate = seconds > lagSecondsMax;
  return [
    component("events", "bus", isLate ? "degraded" : "ok", isLate ? `an event waits for ${seconds} s` : undefined),
  ];
}

const component = (
  name: string,
  kind: Component["kind"],
  state: Component["state"],
  reason = "",
  latencyMs: number | null = null,
): Component => ({ name, kind, state, message: reason.slice(0, messageMax), latencyMs });

/** @throws Error where there is no answer in time */
async function measureAnswer<T>(question: Promise<T>): Promise<{ readonly answer: T; readonly latencyMs: number }> {
  const beganMs = performance.now();
  const answer = await within(answerMs, question);
  return { answer, latencyMs: Math.round((performance.now() - beganMs) * 10) / 10 };
}
