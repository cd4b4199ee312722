import { availableParallelism } from "node:os";
import type { Host } from "#kernel";
import { lifeOf } from "#kernel/process/process-id";
import { sandboxLevels } from "#media/process/denials";
import { z } from "zod";
import type { Tables } from "./store.ts";

export const Settings = z.object({
  /** The address that encoders publish to, as owners see it. */
  pushUrl: z.string().default("rtmp://127.0.0.1:1935/live"),
  /** Names this process among those on one database. */
  instance: z.string().default("one"),
  /** Names this life of the process, for leases of uploads. */
  life: z.string().default(() => lifeOf("one")),
  /** Absent where no encoder is taken. */
  rtmp: z
    .object({
      host: z.string(),
      port: z.int(),
      /** Addresses or ranges from which many encoders come. */
      trustedProxies: z.array(z.string()).default([]),
      /** Files. */
      tls: z.object({ cert: z.string(), key: z.string() }).optional(),
      /** True if the operator did not choose the port: if it is taken, the process starts without RTMP ingest. */
      isDefault: z.boolean(),
    })
    .optional(),
  /** The addresses and ports of WebRTC media: each connection has a UDP port of its own. */
  webrtc: z
    .object({
      host: z.string(),
      ports: z.tuple([z.int(), z.int()]).optional(),
      /** The address at which browsers reach the machine, if it is none of its own addresses. */
      address: z.string().optional(),
    })
    .default({ host: "127.0.0.1" }),
  /** Streams that this process takes at once. */
  streamsMax: z.int().default(20),
  /** Encoders of further rungs that this process has at once. */
  rungsMax: z
    .int()
    .min(0)
    .default(() => Math.max(1, availableParallelism() - 1)),
  ffmpeg: z.string().optional(),
  /** The strongest sandbox for FFmpeg that is tried. */
  sandbox: z.enum(sandboxLevels).default("bwrap"),
  /** How far back viewers go in what is recorded. */
  dvrMs: z
    .int()
    .min(0)
    .default(2 * 3_600_000),
  /** Bits a second of one stream. */
  bitrateMaxBps: z.int().default(20_000_000),
  /** A room that has been live for longer ends; 0 is without an end. */
  durationMaxMs: z.int().min(0).default(0),
  /** A publisher that is away for longer ends its room. */
  graceMs: z.int().default(30_000),
  /** Messages and events of a room within this time are committed and sent together. */
  tickMs: z.int().default(250),
  /** The length of parts, which the latency follows. */
  partMs: z.int().default(250),
  /** Coins that a new account begins with. */
  signUpCoins: z.int().min(0).default(1_000),
  /** The platform's share of a gift, in percent. */
  platformShare: z.int().min(0).max(100).default(20),
  /** The currency of product prices: a code of ISO 4217. */
  currency: z.string().length(3).default("EUR"),
});

export type LiveHost = Host<Tables, z.output<typeof Settings>>;
