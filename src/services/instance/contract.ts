import { Theme } from "#events/instance";
import { command, failure, Id, Instant, Line, MailFailed, page, pageInput, PublicPath, query, service } from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import { EmailRule, Registration } from "#services/auth/contract";
import { UnreadablePicture } from "#services/media/contract";
import { z } from "zod";

/** The name of the program; an instance with this name has the program's icon. */
export const productName = "Kinora";

export const LowContrast = failure(
  "invalid",
  "instance.low_contrast",
  "this colour has too little contrast with one of the themes",
  z.object({ fields: z.array(z.object({ field: z.string(), message: z.string(), suggestion: z.string() })) }),
);
export const IconNotFound = failure(
  "not_found",
  "instance.icon_not_found",
  "this is no picture that you uploaded here",
);

const text = (max: number) => z.string().trim().normalize("NFC").max(max);
const Colour = z
  .string()
  .max(7)
  .regex(/^#[0-9a-fA-F]{6}$/, "a colour such as #d9391f");
/** BCP 47: a language, perhaps with a script and a region. */
const Language = z
  .string()
  .max(20)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$/, "a language such as en, zh-Hans or pt-BR");
export const StartPage = z.enum(["auto", "feed", "explore"]);
/** The public properties of an instance. */
export const Instance = z
  .object({
    name: z.string(),
    description: z.string(),
    rules: z.string(),
    contact: z.string(),
    iconUrl: PublicPath,
    accent: z.string(),
    /** The accent as each theme uses it, and the colour of text on it. */
    theme: Theme,
    languages: z.array(z.string()),
    startPage: StartPage,
    /** There is no administrator yet: the link printed at start opens the first-run page. */
    firstRun: z.boolean(),
    /** With `approval` a new account is pending until a moderator approves it. */
    registration: Registration,
    /** The form of a sign-up asks for no e-mail address, takes one, or needs one. */
    signUpEmail: EmailRule,
    /** Users may invite, not only moderators. */
    usersInvite: z.boolean(),
    /** True if there is demo content. */
    demo: z.boolean(),
    uploadBytesMax: z.int(),
    features: z.array(z.string()),
    /** The version of the program; for administrators alone. */
    version: z.string().optional(),
  })
  .meta({ id: "Instance" });
export type Instance = z.output<typeof Instance>;

/** A change of settings by an administrator: the changed fields and the time. */
export const InstanceChange = z
  .object({ id: Id, actorId: Id, fields: z.array(z.string()), createdAtMs: Instant })
  .meta({ id: "InstanceChange" });

/** How many there are, and how many came on each of the last 14 days by UTC, the oldest first. */
const Count = z.object({ total: z.int(), series: z.array(z.int()) });
/** Something that needs an administrator: a stable code with its values, and the page of the web app to act on. */
export const Advice = z
  .object({
    code: z.string(),
    severity: z.enum(["info", "warning", "error"]),
    values: z.object({
      days: z.int().optional(),
      count: z.int().optional(),
      hours: z.int().optional(),
      name: z.string().optional(),
    }),
    path: z.string(),
  })
  .meta({ id: "Advice" });

/** How the instance is. A part whose service is away is null. */
export const Overview = z
  .object({
    users: Count.nullable(),
    videos: Count.nullable(),
    viewsToday: Count.nullable(),
    /** Viewers whose player reported within two minutes; its series is empty. */
    watchingNow: Count.nullable(),
    /** Rooms that are live, and their viewers. */
    live: z.object({ rooms: z.int(), viewers: z.int() }).nullable(),
    /** In bytes. Contents count once, however many files have them. */
    storage: z
      .object({
        used: z.int(),
        /** Null where the store is no folder. */
        free: z.int().nullable(),
        byKind: z.object({ video: z.int(), audio: z.int(), image: z.int(), other: z.int(), renditions: z.int() }),
        /** Until the disk is full at the pace of the last 14 days; null without growth. */
        daysLeft: z.int().nullable(),
      })
      .nullable(),
    /** Videos; `failed` are the failed jobs of all services, at most 100 of each. */
    processing: z.object({ running: z.int(), waiting: z.int(), failed: z.int(), waitSeconds: z.int() }).nullable(),
    reports: z.object({ open: z.int(), held: z.int(), oldestHours: z.int() }).nullable(),
    components: z.array(
      z.object({
        name: z.string(),
        version: z.string().nullable(),
        state: z.enum(["ok", "faulty", "missing"]),
        /** The known faults of this version. */
        faults: z.string().nullable(),
      }),
    ),
    /** Null where none is recorded. */
    backup: z.object({ atMs: Instant, verifiedAtMs: Instant.nullable() }).nullable(),
    advice: z.array(Advice),
  })
  .meta({ id: "Overview" });

/** The files of an icon: one that scales, and those that home screens ask for; the maskable one has a margin to cut. */
export const IconName = z.enum(["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "maskable-512.png"]);
export type IconName = z.output<typeof IconName>;

/** The settings of the instance itself, and how it is. */
export const instance = service(
  "instance",
  1,
  {
    get: query({
      http: "GET /api/v1/instance",
      auth: "public",
      summary: "Returns the public properties of this instance; `version` for administrators alone.",
      input: z.object({}),
      output: Instance,
    }),
    update: command({
      http: "PUT /api/v1/admin/instance",
      auth: "admin",
      idempotent: true,
      summary:
        "Changes settings of this instance; omitted fields keep their value. `icon_url` is a picture that the caller uploaded, or empty; an empty `accent` is the default one. An accent that suits one of the themes in no way is refused with the nearest one that does, in `errors[].suggestion`.",
      input: z.object({
        name: Line(60).min(1).optional(),
        description: text(300).optional(),
        rules: text(20_000).optional(),
        contact: Line(254).optional(),
        iconUrl: z.string().max(2_000).optional(),
        accent: z.union([z.literal(""), Colour]).optional(),
        /** None for those of the interface. */
        languages: z.array(Language).max(20).optional(),
        startPage: StartPage.optional(),
        registration: Registration.optional(),
      }),
      output: Instance,
      errors: [LowContrast, IconNotFound, UnreadablePicture],
    }),
    history: query({
      http: "GET /api/v1/admin/instance/history",
      auth: "admin",
      summary: "Changes of the settings of this instance, latest first.",
      input: z.object(pageInput),
      output: page(InstanceChange),
    }),
    overview: query({
      http: "GET /api/v1/admin/overview",
      auth: "admin",
      summary:
        "Returns how this instance is: its size, its use, its work and what to see to; a few seconds old at most.",
      input: z.object({}),
      output: Overview,
    }),
    testMail: command({
      http: "POST /api/v1/admin/mail/test",
      auth: "admin",
      rate: "login",
      summary: "Sends a test mail; where the mail server does not take it, the message has its answer.",
      input: z.object({ to: z.email().max(254) }),
      output: z.object({}),
      errors: [MailFailed],
    }),
    /** A file of the icon; none where the instance has the program's own. */
    icon: query({
      auth: "service",
      input: z.object({ name: IconName }),
      output: z.object({ mime: z.string().optional(), bytes: z.instanceof(Uint8Array).optional() }),
    }),
  },
  { scopes: { query: "any", command: "none" } },
);

/** The gateway's cache of the public properties, which a change deletes. A process with a cache of its own shows it later. */
export const siteCache: CacheDeclaration = {
  name: "instance.site",
  what: "Name, icon and colours of the instance, which every page shows.",
  ttlMs: 5_000,
  isShared: true,
};
