import { type Call, type Client, type Contract, type Handlers, type Host, KinoraError } from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import { createSharedCache, type SharedCache } from "#kernel/cache/shared";
import { isAdministered } from "#kernel/service";
import { dayOf, seriesOf, startOf } from "#policy/growth";
import { auth } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { media } from "#services/media/contract";
import { moderation } from "#services/moderation/contract";
import { transcoder } from "#services/transcoder/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import type { z } from "zod";
import type { Overview, instance } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { adviceOn } from "./advice.ts";

/** A reload of the page within this time is answered from the cache. */
const overviewCache: CacheDeclaration = {
  name: "instance.overview",
  what: "The numbers of the administration's first page.",
  ttlMs: 5_000,
  isShared: true,
};
const contentsCache: CacheDeclaration = {
  name: "instance.contents",
  what: "The space of all uploaded files, by kind.",
  ttlMs: 60_000,
  isShared: true,
};
/** A service that is slower counts as away. */
const waitMs = 2_000;
const daysShown = 14;
const hourMs = 3_600_000;
/** The limit for each service; more failed jobs are no worse. */
const failedMax = 100;

type OverviewHost = Pick<
  Host<store.Tables, Settings>,
  "db" | "cache" | "caches" | "client" | "call" | "services" | "now" | "environment" | "mail" | "settings"
>;

/** How the instance is, asked of all services at the same time; a part whose service is away is null. */
export function createOverview(host: OverviewHost): Pick<Handlers<typeof instance>, "overview"> {
  const { cache, caches } = host;
  const contents: Contents = createSharedCache(cache, caches.declare(contentsCache));
  const ask = (call: Pick<Call, "traceId" | "signal">) => new Inquiry(host, contents, call).answer();
  const overviews = createSharedCache(cache, caches.declare(overviewCache), {
    load: () => ask(host.call()),
    keys: [""],
  });
  return { overview: (_, { traceId, signal }) => overviews.getOrLoad("", () => ask({ traceId, signal })) };
}

type Contents = SharedCache<z.output<(typeof upload)["methods"]["contentUsage"]["output"]>>;

/** One round of questions to the other services. */
class Inquiry {
  readonly #host: OverviewHost;
  readonly #contents: Contents;
  readonly #call: Call;
  readonly #nowMs: number;
  readonly #away = new Set<string>();

  constructor(host: OverviewHost, contents: Contents, parts: Pick<Call, "traceId" | "signal">) {
    this.#host = host;
    this.#contents = contents;
    this.#call = host.call({ ...parts, waitMs });
    this.#nowMs = host.now();
  }

  async answer(): Promise<z.output<typeof Overview>> {
    const { mail, settings } = this.#host;
    const today = dayOf(this.#nowMs);
    const since = { sinceDay: today - daysShown + 1 };
    const [users, videos, watching, stored, made, decoders, cases, onAir, failed, free, postgres, backup] =
      await Promise.all([
        this.#ask(auth, (client) => client.growth(since, this.#call)),
        this.#ask(video, (client) => client.growth(since, this.#call)),
        this.#ask(interaction, (client) => client.watching(since, this.#call)),
        this.#ask(upload, (client) =>
          this.#contents.getOrLoad("", () => client.contentUsage({ sinceMs: startOf(since.sinceDay) }, this.#call)),
        ),
        this.#ask(media, (client) => client.usage({}, this.#call)),
        this.#ask(transcoder, (client) => client.capabilities({}, this.#call)),
        this.#ask(moderation, (client) => client.openCases({}, this.#call)),
        this.#ask(live, (client) => client.onAir({}, this.#call)),
        this.#failedJobs(),
        this.#freeBytes(),
        store.serverVersion(this.#host.db),
        store.lastBackup(this.#host.db),
      ]);
    const total = (grown: { total: number; days: { day: number; count: number }[] } | undefined) =>
      grown ? { total: grown.total, series: seriesOf(grown.days, today, daysShown) } : null;
    const facts = {
      users: total(users),
      videos: total(videos),
      viewsToday: total(watching),
      watchingNow: watching ? { total: watching.now, series: [] } : null,
      live: onAir ?? null,
      storage: stored && made ? storageOf(stored, made.renditionBytes, free) : null,
      processing:
        decoders && made
          ? {
              running: decoders.running,
              waiting: decoders.queued,
              failed,
              waitSeconds: made.waitsSinceMs === null ? 0 : this.#unitsSince(made.waitsSinceMs, 1_000),
            }
          : null,
      reports: cases
        ? {
            open: cases.open,
            held: cases.held,
            oldestHours: cases.oldestAtMs === null ? 0 : this.#unitsSince(cases.oldestAtMs, hourMs),
          }
        : null,
      components: [
        { name: "kinora", version: settings.version, state: "ok" as const, faults: null },
        { name: "node", version: process.version.slice(1), state: "ok" as const, faults: null },
        { name: "postgresql", version: postgres, state: "ok" as const, faults: null },
        ...(decoders ? [ffmpegOf(decoders)] : []),
      ],
      backup: backup ?? null,
    };
    const advice = adviceOn({
      ...facts,
      nowMs: this.#nowMs,
      away: [...this.#away],
      hasMail: mail.isConfigured,
      hasPublicUrl: settings.hasPublicUrl,
    });
    return { ...facts, advice };
  }

  /** The answer of a service; undefined where it is away, which is recorded. */
  async #ask<C extends Contract, T>(contract: C, question: (client: Client<C>) => Promise<T>): Promise<T | undefined> {
    try {
      return await question(this.#host.client(contract));
    } catch (error) {
      if (!(error instanceof KinoraError)) throw error;
      this.#away.add(contract.name);
      return undefined;
    }
  }

  async #failedJobs(): Promise<number> {
    const counts = this.#host
      .services()
      .filter(isAdministered)
      .map((contract) => this.#ask(contract, (client) => client.deadJobs({ limit: failedMax }, this.#call)));
    return (await Promise.all(counts)).reduce((sum, dead) => sum + (dead?.items.length ?? 0), 0);
  }

  /** The free space on the disk of the default store; undefined if the store is not a folder. */
  async #freeBytes(): Promise<number | undefined> {
    const { settings, environment } = this.#host;
    if (settings.folder === undefined) return undefined;
    return environment.disk.freeBytes(settings.folder).catch(() => undefined);
  }

  readonly #unitsSince = (sinceMs: number, unitMs: number): number =>
    Math.max(0, Math.floor((this.#nowMs - sinceMs) / unitMs));
}

interface Stored {
  readonly items: readonly { readonly kind: "video" | "audio" | "image" | "other"; readonly bytes: number }[];
  readonly recentBytes: number;
}

/** Space by what it holds. Until it is full: at the pace of the last days, with as many renditions as there were. Pure. */
export function storageOf({ items, recentBytes }: Stored, renditions: number, free: number | undefined) {
  const bytesOf = (kind: Stored["items"][number]["kind"]) => items.find((item) => item.kind === kind)?.bytes ?? 0;
  const byKind = {
    video: bytesOf("video"),
    audio: bytesOf("audio"),
    image: bytesOf("image"),
    other: bytesOf("other"),
    renditions,
  };
  const originals = byKind.video + byKind.audio + byKind.image + byKind.other;
  const used = originals + renditions;
  const dailyBytes = originals === 0 ? 0 : (recentBytes / daysShown) * (used / originals);
  const daysLeft = free === undefined || dailyBytes === 0 ? null : Math.floor(free / dailyBytes);
  return { used, free: free ?? null, byKind, daysLeft };
}

/** Pure. */
function ffmpegOf({
  version,
  faults,
}: Pick<z.output<typeof transcoder.methods.capabilities.output>, "version" | "faults">) {
  const state: "ok" | "faulty" | "missing" = version === null ? "missing" : faults?.state === "known" ? "faulty" : "ok";
  return { name: "ffmpeg", version, state, faults: faults?.says ?? null };
}
