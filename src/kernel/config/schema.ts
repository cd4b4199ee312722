import { z } from "zod";
import { chunkBytesCeiling, usualUploadLimits } from "../http/limits.ts";
import { limits } from "./limits.ts";
import { dataFolder, pluginFiles } from "./plugin-files.ts";
import { onceForRoles, type Roles, role } from "./roles.ts";
import { registrySettings } from "./registry.ts";
import { type About, setting } from "./setting.ts";
import {
  addressRange,
  decimal,
  duration,
  durationOrOff,
  inMs,
  jsonText,
  line,
  list,
  mailbox,
  namedValues,
  onOff,
  origin,
  port,
  portRange,
  size,
  storeUrl,
  strongSecret,
  url,
  whole,
} from "./values.ts";

/*
 * Every setting of operators, by subject: its name, type, default and sentence. A service gets its section by
 * `cmd/compose/service-settings.ts`, and parses it by the `Settings` of its own `settings.ts`. docs/develop.md has a
 * recipe ("Add a setting").
 */
const section = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape).prefault({} as never); // Every part has a default or is optional.

const server = section({
  port: setting(port.default(8080), {
    env: "KINORA_PORT",
    flag: "--port",
    meaning: "Port of the public HTTP server; 0 lets the system choose.",
  }),
  host: setting(line.default("127.0.0.1"), {
    env: "KINORA_HOST",
    flag: "--host",
    meaning: "Address the public server listens on; `0.0.0.0` or `::` for every network.",
  }),
  publicUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_PUBLIC_URL",
    flag: "--public-url",
    meaning: "Public address of this server, for links in its answers.",
    otherwise: "from the request",
  }),
  uploadUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_UPLOAD_URL",
    meaning: "Public address that compatible clients send files to, such as that of gateways for uploads.",
    otherwise: "as `KINORA_PUBLIC_URL`",
  }),
  downloadUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_DOWNLOAD_URL",
    meaning: "Public address that compatible clients fetch files from.",
    otherwise: "as `KINORA_PUBLIC_URL`",
  }),
  tlsCert: setting(line.optional(), {
    env: "KINORA_TLS_CERT",
    flag: "--tls-cert",
    meaning: "Certificate chain (PEM file); with `--tls-key` the server speaks HTTPS, HTTP/1.1 and HTTP/2.",
    path: "file",
  }),
  tlsKey: setting(line.optional(), {
    env: "KINORA_TLS_KEY",
    flag: "--tls-key",
    meaning: "Private key of the certificate (PEM file).",
    path: "file",
  }),
  trustedProxies: setting(list(addressRange).default([]), {
    env: "KINORA_TRUSTED_PROXIES",
    meaning: "Addresses or ranges, with commas, whose `X-Forwarded-*` headers are believed.",
    otherwise: "none",
  }),
  corsOrigins: setting(list(origin).default([]), {
    env: "KINORA_CORS_ORIGINS",
    meaning:
      "Origins of other sites, with commas, whose pages may use the API with tokens; `*` for all. Pages of every site may read what is public, never with cookies.",
    otherwise: "none",
  }),
  denyNetworks: setting(list(addressRange).default([]), {
    env: "KINORA_DENY_NETWORKS",
    meaning: "Addresses or ranges, with commas, of clients that the gateway refuses with 403.",
    otherwise: "none",
  }),
  allowNetworks: setting(list(addressRange).default([]), {
    env: "KINORA_ALLOW_NETWORKS",
    meaning:
      "Addresses or ranges, with commas, of the only clients that the gateway admits, except for those of `KINORA_DENY_NETWORKS`.",
    otherwise: "all",
  }),
  metricsNetworks: setting(list(addressRange).default([]), {
    env: "KINORA_METRICS_NETWORKS",
    meaning:
      "Addresses or ranges, with commas, that may read `/metrics` of every process, such as that of Prometheus. Requests through a proxy do not count.",
    otherwise: "this machine",
  }),
  metricsTokenFile: setting(line.optional(), {
    env: "KINORA_METRICS_TOKEN_FILE",
    meaning:
      "File with a token of at least 32 random characters by which `/metrics` can be read from anywhere, as `Authorization: Bearer …`. Read again when it changes.",
    otherwise: "none",
    path: "file",
  }),
  rateLimit: setting(onOff.default(true), {
    env: "KINORA_RATE_LIMIT",
    meaning: "Limits requests per account and address; `off` is for load tests.",
  }),
  serviceRest: setting(onOff.default(false), {
    env: "KINORA_SERVICE_REST",
    meaning:
      "A process without the gateway answers the REST routes of its services on its own port, for gateways that route to each service; with `off` health and metrics alone.",
  }),
  stopDelayMs: setting(duration(0, 10 * inMs.minute).optional(), {
    env: "KINORA_STOP_DELAY",
    meaning:
      "How long a process that is to stop serves on while `/ready` answers 503, so that load balancers notice before its ports close.",
    otherwise: "0s; 5s with `--services`",
  }),
  stopMsMax: setting(duration(10 * inMs.second, inMs.hour).default(10 * inMs.second), {
    env: "KINORA_STOP_MAX",
    meaning: "Longest duration of a stop after `KINORA_STOP_DELAY`; then the process exits with code 1.",
    otherwise: "10s",
  }),
});

const site = section({
  name: setting(line.max(60).default("Kinora"), {
    env: "KINORA_NAME",
    meaning: "Name of this site in the interface.",
  }),
  registration: setting(z.enum(["open", "closed"]).default("open"), {
    env: "KINORA_REGISTRATION",
    meaning: "Whether visitors can sign up: `open` or `closed`.",
  }),
  hasEndlessTokens: setting(onOff.default(false), {
    env: "KINORA_TOKENS_WITHOUT_END",
    meaning: "Whether users may make personal tokens that never end.",
  }),
  adminUsername: setting(line.max(50).optional(), {
    env: "KINORA_ADMIN_USERNAME",
    meaning: "Creates this administrator at the first start.",
    otherwise: "none: a one-time link is printed",
  }),
  adminPassword: setting(line.min(8).max(128).optional(), {
    env: "KINORA_ADMIN_PASSWORD",
    meaning: "Password of that administrator, at least 8 characters.",
    secret: true,
  }),
  demo: setting(onOff.default(false), {
    env: "KINORA_DEMO",
    flag: "--demo",
    meaning: "Adds demonstration clips and users at the first start.",
  }),
  demoClips: setting(whole(1, 24).default(24), {
    env: "KINORA_DEMO_CLIPS",
    flag: "--demo-clips",
    meaning: "How many demonstration clips are made.",
  }),
});

const cluster = (roles: Roles) =>
  section({
    topology: setting(line.default("one"), {
      env: "KINORA_TOPOLOGY",
      flag: "--topology",
      meaning:
        "Which processes `npm start` runs on this machine: `one`, another name in docs/topologies.md, or a file.",
    }),
    services: setting(list(role(roles)).optional(), {
      env: "KINORA_SERVICES",
      flag: "--services",
      meaning: "Services that this process runs, with commas; the registry finds the others.",
      otherwise: "all",
    }),
    plugins: pluginFiles,
    rpcPort: setting(port.optional(), {
      env: "KINORA_RPC_PORT",
      flag: "--rpc-port",
      meaning: "Port for gRPC and calls between processes; 0 lets the system choose.",
      otherwise: "off",
    }),
    rpcHost: setting(line.default("127.0.0.1"), {
      env: "KINORA_RPC_HOST",
      meaning: "Address the RPC port listens on; another than loopback needs `KINORA_RPC_TLS_CERT`.",
    }),
    rpcTls: setting(onOff.optional(), {
      env: "KINORA_RPC_TLS",
      meaning:
        "`off` lets the RPC port listen on a network without TLS, where everybody on that network can read calls with their tokens and passwords.",
      otherwise: "on with `KINORA_RPC_TLS_CERT`",
    }),
    rpcTlsCert: setting(line.optional(), {
      env: "KINORA_RPC_TLS_CERT",
      meaning:
        "Certificate chain (PEM file) of this process for mutual TLS between processes, with the DNS name `kinora` or that of a service; `npm run certs` makes one. Read again when it changes.",
      path: "file",
    }),
    rpcTlsKey: setting(line.optional(), {
      env: "KINORA_RPC_TLS_KEY",
      meaning: "Private key of that certificate (PEM file).",
      path: "file",
    }),
    rpcTlsCa: setting(line.optional(), {
      env: "KINORA_RPC_TLS_CA",
      meaning:
        "Certificates of the authorities (PEM file) that sign those of all processes and of foreign gRPC clients.",
      path: "file",
    }),
    ...registrySettings(roles),
    secret: setting(strongSecret.optional(), {
      env: "KINORA_CLUSTER_SECRET",
      meaning:
        "Shared secret by which processes authenticate each other: the same in all of them, at least 32 random characters.",
      otherwise: "made at the first start",
      secret: true,
    }),
    previousSecret: setting(strongSecret.optional(), {
      env: "KINORA_CLUSTER_SECRET_PREVIOUS",
      meaning: "The shared secret before, which is accepted too while processes get a new one in turn.",
      secret: true,
    }),
  });

const database = url("postgres:", "postgresql:");
const serviceDatabase = (name: string): About => ({
  env: `KINORA_${name.toUpperCase()}_DB_URL`,
  meaning: "A database for this service alone.",
  otherwise: "from `KINORA_DB_URL`",
  secret: true,
  row: "`KINORA_<SERVICE>_DB_URL`",
});
const db = ({ names }: Roles) =>
  section({
    url: setting(database.optional(), {
      env: "KINORA_DB_URL",
      meaning: "Database of PostgreSQL 15 or newer that holds a schema for each service.",
      otherwise: "embedded",
      secret: true,
    }),
    replicaUrls: setting(list(database).default([]), {
      env: "KINORA_DB_REPLICA_URLS",
      meaning:
        "Standbys of `KINORA_DB_URL`, with commas, that answer reads; each URL names one server. The same in all processes.",
      otherwise: "none",
      secret: true,
    }),
    connections: setting(whole(2, 1_000).optional(), {
      env: "KINORA_DB_CONNECTIONS",
      meaning:
        "Largest number of connections of a process to one database and its replicas, for all its services together.",
      otherwise: "20; 10 with `--services`; fewer where all processes would not fit",
    }),
    pooled: setting(onOff.default(false), {
      env: "KINORA_DB_POOLED",
      meaning: "`KINORA_DB_URL` is a PgBouncer (1.18 or newer) in transaction mode.",
    }),
    directUrl: setting(database.optional(), {
      env: "KINORA_DB_DIRECT_URL",
      meaning: "The same database without PgBouncer, for migrations.",
      otherwise: "none",
      secret: true,
    }),
    backup: setting(z.enum(["kinora", "operator"]).default("kinora"), {
      env: "KINORA_DB_BACKUP",
      meaning: "Who backs up databases before an upgrade: `kinora` copies each, `operator` skips the copy.",
    }),
    migrate: setting(z.enum(["auto", "job"]).default("auto"), {
      env: "KINORA_MIGRATE",
      meaning:
        "Changes of tables at an upgrade: `auto` by the first process that starts, `job` by `npm run migrate`, which a start waits for.",
    }),
    migrateMsMax: setting(duration(inMs.second, 24 * inMs.hour).default(10 * inMs.minute), {
      env: "KINORA_MIGRATE_WAIT",
      meaning: "How long a start waits for that job; after it the process exits with code 1.",
      otherwise: "10m",
    }),
    services: section(
      Object.fromEntries(
        names
          .filter((name) => name !== "gateway")
          .map((name) => [name, setting(database.optional(), serviceDatabase(name))]),
      ),
    ),
  });

const cache = section({
  redisUrl: setting(url("redis:", "rediss:").optional(), {
    env: "KINORA_REDIS_URL",
    meaning: "Redis 6.2 or newer for cache, limits, one-time values and presence, shared by all processes.",
    otherwise: "in each process",
    secret: true,
  }),
  redisPrefix: setting(
    line
      .max(40)
      .regex(/^[\w:.-]+$/, "must be letters, digits and `_:.-`")
      .default("kinora:"),
    {
      env: "KINORA_REDIS_PREFIX",
      meaning: "Prefix of every key in Redis, so that several installations can share one.",
    },
  ),
});
const bus = section({
  natsUrl: setting(url("nats:", "tls:").optional(), {
    env: "KINORA_NATS_URL",
    meaning: "NATS with JetStream, 2.9 or newer, to carry events between processes; the same for all of them.",
    otherwise: "embedded",
    secret: true,
  }),
});
const blob = section({
  url: setting(storeUrl.optional(), {
    env: "KINORA_BLOB_URL",
    meaning: "Store of files: `file:/srv/kinora` or `s3://bucket/prefix?endpoint=…&region=…`.",
    otherwise: "in the data folder",
    secret: true,
  }),
  stores: setting(
    namedValues(
      /^(?!default$)[a-z][a-z0-9-]{0,30}$/,
      storeUrl,
      "must be a list such as `archive=s3://films,fast=file:/ssd`, of names in lower-case letters that are not `default`",
    ).default({}),
    {
      env: "KINORA_BLOB_STORES",
      meaning: "Further stores of files by name: `archive=s3://…,fast=file:/…`.",
      otherwise: "none",
      secret: true,
    },
  ),
  places: setting(
    namedValues(
      /^(?:[a-z]{1,20}|kind:(?:video|audio|image|other)|user:[1-9]\d{0,15})$/,
      line,
      "must be a list such as `media=archive,kind:video=archive,user:42=default`",
    ).default({}),
    {
      env: "KINORA_BLOB_PLACES",
      meaning: "The store of new files by space, kind or user: `media=archive,kind:video=archive,user:42=fast`.",
      otherwise: "all to `KINORA_BLOB_URL`, which is `default`",
    },
  ),
  s3AccessKey: setting(line.optional(), {
    env: "KINORA_S3_ACCESS_KEY",
    meaning: "Access key for S3 stores whose URL has none.",
    otherwise: "as Amazon's programs find it",
    secret: true,
  }),
  s3SecretKey: setting(line.optional(), {
    env: "KINORA_S3_SECRET_KEY",
    meaning: "Secret of that access key.",
    secret: true,
  }),
});

const outgoing = section({
  allow: setting(list(addressRange).default([]), {
    env: "KINORA_OUTGOING_ALLOW",
    meaning: "Private addresses or ranges, with commas, that requests to addresses from users may reach.",
    otherwise: "none",
  }),
});

const mail = section({
  smtpUrl: setting(url("smtp:", "smtps:").optional(), {
    env: "KINORA_SMTP_URL",
    meaning:
      "Mail server: `smtps://user:password@mail.example:465`, or `smtp:` with STARTTLS where the server offers it.",
    otherwise: "none: no mails are sent",
    secret: true,
  }),
  from: setting(mailbox.optional(), {
    env: "KINORA_MAIL_FROM",
    meaning: "Address that mails come from, alone or as `Name <address>`. Without a name, mails have the site's.",
    otherwise: "none",
  }),
});
const auth = section({
  accessLifeMs: setting(duration(inMs.minute, inMs.hour).default(15 * inMs.minute), {
    env: "KINORA_ACCESS_LIFE",
    meaning: "Lifetime of an access token of `/api/v1`.",
    otherwise: "15m",
  }),
  refreshLifeMs: setting(duration(inMs.hour, 400 * inMs.day).default(30 * inMs.day), {
    env: "KINORA_REFRESH_LIFE",
    meaning: "Lifetime of a session after its last use.",
    otherwise: "30d",
  }),
  chains: setting(jsonText.optional(), {
    env: "KINORA_CHAINS",
    meaning:
      "Blockchains that wallets sign in on and gates ask, as a JSON list; docs/identity.md has its fields. Addresses of endpoints may have keys.",
    otherwise: "none",
    secret: true,
  }),
  providers: setting(jsonText.optional(), {
    env: "KINORA_OIDC",
    meaning:
      "Providers of OpenID Connect that people sign in with, as a JSON list with their client secrets; docs/identity.md has its fields.",
    otherwise: "none",
    secret: true,
  }),
});
const upload = section({
  fileBytesMax: setting(size(1).default(usualUploadLimits.fileBytesMax), {
    env: "KINORA_UPLOAD_MAX",
    meaning: "Largest file that may be uploaded.",
    otherwise: "20 GiB",
  }),
  quotaBytes: setting(size(0).default(usualUploadLimits.quotaBytes), {
    env: "KINORA_QUOTA",
    meaning: "Storage quota of each account.",
    otherwise: "20 GiB",
  }),
  chunkBytesMax: setting(size(2 ** 20, chunkBytesCeiling).default(usualUploadLimits.chunkBytesMax), {
    env: "KINORA_UPLOAD_CHUNK_MAX",
    meaning: "Largest part of a file that is sent in parts, up to 64 MiB.",
    otherwise: "16 MiB",
  }),
  sessionLifeMs: setting(duration(inMs.hour, 400 * inMs.day).default(7 * inMs.day), {
    env: "KINORA_UPLOAD_LIFE",
    meaning: "How long an unfinished upload is kept after its last request.",
    otherwise: "7d",
  }),
  instant: setting(z.enum(["own", "public", "anyone"]).default("public"), {
    env: "KINORA_INSTANT_UPLOAD",
    meaning:
      "Whose content clients of compatible APIs get for its hash instead of an upload: `own` (the account's), `public` (also what everybody may see here), `anyone` (any account's, private files too).",
  }),
});
const drive = section({
  trashDays: setting(whole(1, 3_650).default(30), {
    env: "KINORA_TRASH_DAYS",
    meaning: "Days files stay in the trash before they are deleted permanently.",
  }),
});
const profiles = list(
  z.enum(["240p", "360p", "480p", "720p", "1080p", "1440p", "2160p"], {
    error: "must be of 240p, 360p, 480p, 720p, 1080p, 1440p and 2160p",
  }),
).refine((names) => names.length > 0, { error: "must name one quality at least" });
const runner = section({
  url: setting(url("http:", "https:").optional(), {
    env: "KINORA_RUNNER_URL",
    flag: "--runner-url",
    meaning: "For `npm run runner`: the Kinora that it takes jobs from, by https; by http on this machine alone.",
    otherwise: "none",
  }),
  token: setting(line.max(100).optional(), {
    env: "KINORA_RUNNER_TOKEN",
    meaning: "For the first start of `npm run runner`: a registration token of that Kinora.",
    otherwise: "none",
    secret: true,
  }),
  name: setting(line.max(60).optional(), {
    env: "KINORA_RUNNER_NAME",
    flag: "--runner-name",
    meaning: "The name of this runner, for administrators.",
    otherwise: "that of the machine",
  }),
});
const media = section({
  ffmpeg: setting(line.optional(), {
    env: "KINORA_FFMPEG",
    meaning: "The FFmpeg to use, 5.1 or newer.",
    otherwise: "found on PATH, else provided",
    path: "program",
  }),
  workers: setting(whole(0, 256).optional(), {
    env: "KINORA_MEDIA_WORKERS",
    meaning:
      "Videos whose renditions are encoded concurrently; new uploads do not wait for them. With 0 runners do all of it.",
    otherwise: "one for every two cores",
  }),
  ladder: setting(profiles.default(["240p", "480p", "720p", "1080p", "1440p", "2160p"]), {
    env: "KINORA_LADDER",
    meaning: "Renditions of each video, up to the size of its source, with commas; 360p can be added.",
    otherwise: "240p,480p,720p,1080p,1440p,2160p",
  }),
  stallMs: setting(duration(inMs.second, inMs.hour).default(inMs.minute), {
    env: "KINORA_MEDIA_STALL",
    meaning: "How long FFmpeg may make no progress before it is stopped and tried again.",
    otherwise: "1m",
  }),
  shortageMs: setting(duration(100, inMs.hour).default(inMs.minute), {
    env: "KINORA_MEDIA_SHORTAGE",
    meaning:
      "How long a video waits after its FFmpeg was ended from outside, as happens where memory is short; longer after each further time.",
    otherwise: "1m",
  }),
  sandbox: setting(z.enum(["bwrap", "namespaces", "network", "limits", "none"]).default("bwrap"), {
    env: "KINORA_SANDBOX",
    meaning:
      "The strongest sandbox level that is tried for FFmpeg; the next weaker one follows where it does not work.",
  }),
  segmentCacheBytes: setting(size(0).default(256 * 2 ** 20), {
    env: "KINORA_SEGMENT_CACHE",
    meaning: "Memory for the most requested segments.",
    otherwise: "256 MiB",
  }),
});
const cdn = section({
  url: setting(
    url("http:", "https:")
      .refine((text) => URL.parse(text)?.pathname === "/" && !/[?#]/.test(text), { error: "must have no path" })
      .optional(),
    {
      env: "KINORA_CDN_URL",
      meaning: "Origin of a CDN in front of this server, for the segments, captions and covers of public videos.",
      otherwise: "this server",
    },
  ),
  purgeUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_CDN_PURGE_URL",
    meaning: "Address that receives by POST the paths that a CDN has to purge.",
    otherwise: "no purge is requested",
    secret: true,
  }),
});
const transfer = section({
  after: setting(line.optional(), {
    env: "KINORA_TRANSFER_AFTER",
    meaning: "The store of `KINORA_BLOB_STORES`, or `default`, that uploads are moved to automatically.",
    otherwise: "they stay in their first store",
  }),
  graceMs: setting(duration(0, 30 * inMs.day).default(inMs.hour), {
    env: "KINORA_TRANSFER_GRACE",
    meaning: "How long a moved file also stays in its old store, for downloads in progress.",
    otherwise: "1h",
  }),
  bytesPerSecond: setting(size(1).optional(), {
    env: "KINORA_TRANSFER_RATE",
    meaning: "Bytes per second that transfers between stores read, in each process.",
    otherwise: "no limit",
  }),
});
const scrub = section({
  everyMs: setting(durationOrOff(inMs.hour, 366 * inMs.day).default(30 * inMs.day), {
    env: "KINORA_SCRUB_EVERY",
    meaning: "Interval in which every stored byte is read and compared with its hash; `off` disables it.",
    otherwise: "30d",
  }),
  bytesPerSecond: setting(size(1).default(4 * 2 ** 20), {
    env: "KINORA_SCRUB_RATE",
    meaning: "Bytes per second that this reads from each store.",
    otherwise: "4 MiB",
  }),
});
const recommend = section({
  utility: setting(
    namedValues(
      /^(?:completed|liked|commented|shared|favorited|followed|skipped|refused)$/,
      decimal(-10, 10),
      "must be a list such as `liked=2,skipped=-1.5`, of completed, liked, commented, shared, favorited, followed, skipped and refused",
    ).default({}),
    {
      env: "KINORA_RECOMMEND_UTILITY",
      meaning:
        "What each expected act of a viewer is worth in a personal feed, `act=number` with commas, from -10 to 10; `refused` is *not interested*. Other acts keep their worth.",
      otherwise: "`completed=1,liked=1.5,commented=1,shared=2,favorited=1.5,followed=2,skipped=-1,refused=-3`",
    },
  ),
});
const search = section({
  elasticsearchUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_ELASTICSEARCH_URL",
    meaning: "Elasticsearch 8 that answers searches: `https://user:password@host:9200`; the same for all processes.",
    otherwise: "an index in the memory of each process",
    secret: true,
  }),
  elasticsearchApiKey: setting(line.optional(), {
    env: "KINORA_ELASTICSEARCH_API_KEY",
    meaning: "API key for Elasticsearch, as it encodes it, where the URL has no user.",
    otherwise: "none",
    secret: true,
  }),
  elasticsearchPrefix: setting(
    line
      .max(40)
      .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and `-`")
      .default("kinora"),
    {
      env: "KINORA_ELASTICSEARCH_PREFIX",
      meaning: "Prefix of every index in Elasticsearch, so that several installations can share one.",
    },
  ),
  embeddingsUrl: setting(url("http:", "https:").optional(), {
    env: "KINORA_EMBEDDINGS_URL",
    meaning:
      "Endpoint of an embedding model, by which videos are found by their meaning as well: `http://127.0.0.1:11434/v1`, before `/embeddings`; the same for all processes.",
    otherwise: "videos are found by their words alone",
    secret: true,
  }),
  embeddingsModel: setting(line.max(200).optional(), {
    env: "KINORA_EMBEDDINGS_MODEL",
    meaning: "Name of the embedding model at that endpoint; with another name all videos are embedded again.",
    otherwise: "none",
  }),
  embeddingsApiKey: setting(line.optional(), {
    env: "KINORA_EMBEDDINGS_API_KEY",
    meaning: "API key for the embedding model, sent as a bearer token.",
    otherwise: "none",
    secret: true,
  }),
  embeddingsQueryPrefix: setting(line.max(500).default(""), {
    env: "KINORA_EMBEDDINGS_QUERY_PREFIX",
    meaning: "What the embedding model expects before a search term, such as `query: `.",
  }),
  embeddingsDocumentPrefix: setting(line.max(500).default(""), {
    env: "KINORA_EMBEDDINGS_DOCUMENT_PREFIX",
    meaning: "What the embedding model expects before the text of a video, such as `passage: `.",
  }),
});
const live = section({
  rtmpPort: setting(port.optional(), {
    env: "KINORA_RTMP_PORT",
    flag: "--rtmp-port",
    meaning:
      "Port on which encoders publish live streams by RTMP, and by RTMPS where there is a certificate; 0 is off.",
    otherwise: "1935, or none where that is taken",
  }),
  pushUrl: setting(url("rtmp:", "rtmps:").optional(), {
    env: "KINORA_LIVE_PUSH_URL",
    meaning: "Address where encoders publish, as owners of live rooms are shown it, ending in `/live`.",
    otherwise: "the host of the public address with the RTMP port",
  }),
  webrtcPorts: setting(portRange.optional(), {
    env: "KINORA_WEBRTC_PORTS",
    meaning:
      "UDP ports of live streams by WebRTC, such as `50000-50250`; each publisher and each viewer by WebRTC has one.",
    otherwise: "free ports that the system chooses",
  }),
  webrtcAddress: setting(z.ipv4().optional(), {
    env: "KINORA_WEBRTC_ADDRESS",
    meaning:
      "The IPv4 address that browsers reach the UDP ports of live streams by, where it is none of this machine's own, as behind NAT.",
    otherwise: "the addresses of the host",
  }),
  streamsMax: setting(whole(1, 1_000).default(20), {
    env: "KINORA_LIVE_STREAMS",
    meaning: "Live streams that a process takes at once.",
  }),
  rungsMax: setting(whole(0, 256).optional(), {
    env: "KINORA_LIVE_RUNGS",
    meaning:
      "Further renditions of live streams that a process encodes at once, all streams together: of one core each, at most. 0 is none.",
    otherwise: "one for each core but the first, and one at least",
  }),
  dvrMs: setting(duration(0, 24 * inMs.hour).default(2 * inMs.hour), {
    env: "KINORA_LIVE_DVR",
    meaning: "How far back viewers go in a live stream that is recorded; 0 is the newest seconds alone.",
  }),
  bitrateMaxBps: setting(whole(100_000, 1_000_000_000).default(20_000_000), {
    env: "KINORA_LIVE_BITRATE",
    meaning: "Bits a second that a live stream may have; a publisher that sends more for ten seconds is disconnected.",
  }),
  durationMaxMs: setting(duration(0, 30 * 24 * inMs.hour).default(0), {
    env: "KINORA_LIVE_DURATION",
    meaning: "A live room that has been live for longer ends; 0 is without an end.",
  }),
  graceMs: setting(duration(5 * inMs.second, inMs.hour).default(30 * inMs.second), {
    env: "KINORA_LIVE_GRACE",
    meaning: "How long a live room waits for a publisher that was lost before it ends.",
  }),
  signUpCoins: setting(whole(0, 1_000_000).default(1_000), {
    env: "KINORA_LIVE_SIGN_UP_COINS",
    meaning: "Coins that a new account begins with; they can be spent on gifts alone, and never paid out.",
  }),
  platformShare: setting(whole(0, 100).default(20), {
    env: "KINORA_LIVE_PLATFORM_SHARE",
    meaning: "What the platform keeps of each gift, in percent, rounded down to whole coins; the rest is the host's.",
  }),
  currency: setting(
    z
      .string()
      .regex(/^[A-Z]{3}$/, "must be a code of three capital letters, such as `EUR`")
      .default("EUR"),
    {
      env: "KINORA_LIVE_CURRENCY",
      meaning: "The currency of products' prices in live rooms: a code of ISO 4217.",
    },
  ),
});
const telemetry = section({
  logLevel: setting(z.enum(["debug", "info", "warn", "error"]).default("info"), {
    env: "KINORA_LOG_LEVEL",
    reload: true,
    meaning: "The lowest level that is logged.",
  }),
  logFormat: setting(z.enum(["auto", "pretty", "json"]).default("auto"), {
    env: "KINORA_LOG_FORMAT",
    meaning: "`pretty` for people, `json` for programs; `auto` is `pretty` on a terminal and `json` elsewhere.",
  }),
  otlpEndpoint: setting(url("http:", "https:").optional(), {
    env: "KINORA_OTLP_ENDPOINT",
    meaning: "Where traces are sent by OTLP. Not built yet: refused.",
    otherwise: "off",
  }),
  failpoint: setting(
    line
      .regex(/^[\w.-]+:(?:crash|error|sleep)/, { error: "must be `name:crash`, `name:error` or `name:sleep`" })
      .optional(),
    {
      env: "KINORA_FAILPOINT",
      meaning: "For tests: a failure at a named point.",
      otherwise: "none",
    },
  ),
});

/** All that can be configured. */
export const configSchema = onceForRoles((roles) =>
  z.strictObject({
    data: dataFolder,
    server,
    limits,
    site,
    cluster: cluster(roles),
    db: db(roles),
    cache,
    bus,
    blob,
    outgoing,
    mail,
    auth,
    upload,
    drive,
    media,
    runner,
    cdn,
    transfer,
    scrub,
    recommend,
    search,
    live,
    telemetry,
  }),
);
export type Config = z.output<ReturnType<typeof configSchema>>;
