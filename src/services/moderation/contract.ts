import { Kind, NewcomerRules, Word } from "#events/moderation";
import { command, service, failure, Id, Instant, page, pageInput, query, Said } from "#kernel";
import { z } from "zod";

export const CaseNotFound = failure("not_found", "moderation.case_not_found", "no such case");
export const AlreadyDecided = failure("conflict", "moderation.already_decided", "somebody decided this meanwhile");
export const ClaimedByOther = failure("conflict", "moderation.claimed", "another moderator works on this");
export const NotDecided = failure("conflict", "moderation.not_decided", "nothing was decided that could be taken back");
export const YourOwn = failure("denied", "moderation.your_own", "nobody reports or judges themselves");
export const NotKept = failure(
  "conflict",
  "moderation.not_kept",
  "what was taken away was not kept, so it cannot come back",
);
export const OutOfReach = failure(
  "denied",
  "moderation.out_of_reach",
  "administrators cannot be muted or banned, and moderators only by administrators",
);
export const AuthorUnknown = failure(
  "conflict",
  "moderation.author_unknown",
  "whose this is is not known, so nothing can be done to them",
);
export const NotForThis = failure(
  "invalid",
  "moderation.not_for_this",
  "a person is not removed here, nor a warning let through",
);
export const EndMissing = failure("invalid", "moderation.end_missing", "a suspension ends some time ahead");
export const TooManyReports = failure(
  "exhausted",
  "moderation.too_many_reports",
  "you have reported a lot, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const NoteNotFound = failure("not_found", "moderation.note_not_found", "no such note");
export const NotYourNote = failure("denied", "moderation.not_your_note", "only the author can remove a note");
export const TooManyNotes = failure("conflict", "moderation.too_many_notes", "a case has as many notes as it can have");
export const AppealedAlready = failure("conflict", "moderation.appealed_already", "there is an appeal already");
export const AppealNotFound = failure("not_found", "moderation.appeal_not_found", "no such appeal");
export const WordExists = failure("conflict", "moderation.word_exists", "this is watched already");
export const WordNotFound = failure("not_found", "moderation.word_not_found", "this is not watched");
export const TooManyWords = failure("conflict", "moderation.too_many_words", "as much is watched as can be");
export const BadWord = failure("invalid", "moderation.bad_word", "there is nothing in it to look for");

export const Reason = z.enum([
  "spam",
  "harassment",
  "hate",
  "violence",
  "sexual",
  "child_safety",
  "self_harm",
  "misinformation",
  "copyright",
  "privacy",
  "impersonation",
  "other",
]);
export const Act = z.enum(["dismiss", "remove", "warn", "mute", "suspend", "ban"]);
export type Act = z.infer<typeof Act>;

export const reportsPerHour = 30;
/** The limit of all patterns together, so that every service receives the whole list in one event. */
export const wordsBytesMax = 32_000;
export const patternMax = 60;
export const noteMax = 2_000;
export const ruleMax = 300;
export const notesPerCaseMax = 100;

const thing = { kind: Kind, thingId: Id };

/** One's own report, and what came of it; `note` is what the moderator said to both sides. */
export const Report = z
  .object({
    id: Id,
    ...thing,
    reason: Reason,
    text: z.string(),
    state: z.enum(["open", "decided"]),
    action: Act.nullable(),
    note: z.string(),
    createdAtMs: Instant,
    decidedAtMs: Instant.nullable(),
  })
  .meta({ id: "Report" });

/** Everything that is said against one thing, until it is decided; a thing that is reported again makes a new case. */
export const Case = z
  .object({
    id: Id,
    ...thing,
    /** The author of the thing; null if unknown. */
    authorId: Id.nullable(),
    /** The video a comment stands under. */
    videoId: Id.nullable(),
    /** As it was when it was reported; empty where nobody else may read it. */
    excerpt: z.string(),
    /** True if it is hidden until a moderator approves it. */
    isHeld: z.boolean(),
    /** Why it came here by itself; empty where people reported it. */
    heldFor: z.string(),
    reportCount: z.int(),
    reasons: z.array(z.object({ reason: Reason, count: z.int() })),
    state: z.enum(["open", "decided"]),
    action: Act.nullable(),
    note: z.string(),
    /** The rule of the site that was broken, in its words; empty where none was named. */
    rule: z.string(),
    untilMs: Instant.nullable(),
    moderatorId: Id.nullable(),
    /** The moderator who works on it; null where none does. */
    assigneeId: Id.nullable(),
    createdAtMs: Instant,
    decidedAtMs: Instant.nullable(),
    /** The decision cannot be reversed. */
    isFinal: z.boolean(),
  })
  .meta({ id: "ModerationCase" });
export type Case = z.infer<typeof Case>;

/** One user's report of a case, as moderators read it. */
export const CaseReport = z
  .object({ id: Id, reporterId: Id, reason: Reason, text: z.string(), createdAtMs: Instant })
  .meta({ id: "CaseReport" });

/** A note that moderators write to each other about a case; nobody else reads it. */
export const CaseNote = z
  .object({
    id: Id,
    caseId: Id,
    /** Null where the account is deleted. */
    authorId: Id.nullable(),
    text: z.string(),
    createdAtMs: Instant,
  })
  .meta({ id: "CaseNote" });

const Appeal = z.object({
  text: z.string(),
  state: z.enum(["open", "accepted", "refused"]),
  answer: z.string(),
  createdAtMs: Instant,
});
/** A decision about something of the caller's own. */
export const Decision = z
  .object({
    id: Id,
    ...thing,
    excerpt: z.string(),
    action: Act,
    note: z.string(),
    /** The rule of the site that was broken, in its words; empty where none was named. */
    rule: z.string(),
    untilMs: Instant.nullable(),
    decidedAtMs: Instant,
    appeal: Appeal.nullable(),
  })
  .meta({ id: "Decision" });

/** The measures in force against a user; `bar` is a ban, with an end or permanent. */
export const Measure = z.object({
  kind: z.enum(["mute", "bar"]),
  untilMs: Instant.nullable(),
  reason: z.string(),
  caseId: Id,
});

export const AuditEntry = z
  .object({
    id: Id,
    act: z.string(),
    actorId: Id.nullable(),
    subjectKind: z.string().nullable(),
    subjectId: Id.nullable(),
    detail: z.string(),
    atMs: Instant,
  })
  .meta({ id: "AuditEntry" });

const verdict = {
  action: Act,
  /** Both sides read it. */
  note: z.string().max(500).default(""),
  /** The rule of the site that was broken, in its words, for the author; a dismissed case names none. */
  rule: z.string().trim().normalize("NFC").max(ruleMax).default(""),
  /** The end of a suspension or of a mute. */
  untilMs: Instant.optional(),
};
const judging = [CaseNotFound, AlreadyDecided, YourOwn, OutOfReach, AuthorUnknown, NotForThis, EndMissing];

export const moderation = service(
  "moderation",
  1,
  {
    /** How many cases wait: reported ones, and content that was held. Since when the oldest does. */
    openCases: query({
      auth: "service",
      input: z.object({}),
      output: z.object({ open: z.int(), held: z.int(), oldestAtMs: Instant.nullable() }),
    }),
    report: command({
      http: "POST /api/v1/reports",
      auth: "user",
      idempotent: true,
      summary:
        "Reports something to the moderators; again while it is open changes nothing. The answer does not reveal whether it exists.",
      input: z.object({ kind: Kind, id: Id, reason: Reason, text: z.string().max(1_000).default("") }),
      output: Report,
      errors: [YourOwn, TooManyReports],
    }),
    reports: query({
      http: "GET /api/v1/reports",
      auth: "user",
      summary: "Lists the caller's reports, latest first, with their outcomes.",
      input: z.object(pageInput),
      output: page(Report),
    }),
    decisions: query({
      http: "GET /api/v1/moderation/decisions",
      auth: "user",
      summary: "Lists moderators' decisions about the caller and their content, latest first.",
      input: z.object(pageInput),
      output: page(Decision),
    }),
    appeal: command({
      http: "POST /api/v1/moderation/appeals",
      auth: "user",
      summary: "Appeals against a decision about the caller.",
      input: z.object({ caseId: Id, text: Said(2_000) }),
      output: z.object({}),
      errors: [CaseNotFound, AppealedAlready],
    }),

    queue: query({
      http: "GET /api/v1/moderation/queue",
      auth: "moderator",
      summary: "Lists open or decided cases: oldest first, latest first, or the most reported.",
      input: z.object({
        state: z.enum(["open", "decided"]).default("open"),
        kind: Kind.optional(),
        held: z.boolean().optional(),
        /** Those that the caller has claimed. */
        mine: z.boolean().optional(),
        sort: z.enum(["oldest", "latest", "most"]).default("oldest"),
        ...pageInput,
      }),
      output: page(Case),
    }),
    caseReports: query({
      http: "GET /api/v1/moderation/queue/:id/reports",
      auth: "moderator",
      summary: "Lists the reports of a case, with reporter, reason and text.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(CaseReport),
      errors: [CaseNotFound],
    }),
    counts: query({
      http: "GET /api/v1/moderation/counts",
      auth: "moderator",
      summary:
        "Counts what waits for a moderator, by the tabs of the queue. `mine` are those among the open and held cases that the caller has claimed.",
      input: z.object({}),
      output: z
        .object({ open: z.int(), held: z.int(), mine: z.int(), appeals: z.int() })
        .meta({ id: "ModerationCounts" }),
    }),
    oneCase: query({
      http: "GET /api/v1/moderation/queue/:id",
      auth: "moderator",
      summary: "Returns a case.",
      input: z.object({ id: Id }),
      output: Case,
      errors: [CaseNotFound],
    }),
    history: query({
      http: "GET /api/v1/moderation/queue/:id/history",
      auth: "moderator",
      summary:
        "Lists the other cases of the author of a case, latest first; where the author is unknown, those of the same content.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Case),
      errors: [CaseNotFound],
    }),
    notes: query({
      http: "GET /api/v1/moderation/queue/:id/notes",
      auth: "moderator",
      summary: "Lists the internal notes of a case, latest first. Only moderators and administrators read them.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(CaseNote),
      errors: [CaseNotFound],
    }),
    addNote: command({
      http: "POST /api/v1/moderation/queue/:id/notes",
      auth: "moderator",
      summary: "Adds an internal note to a case.",
      input: z.object({ id: Id, text: Said(noteMax) }),
      output: CaseNote,
      errors: [CaseNotFound, TooManyNotes],
    }),
    removeNote: command({
      http: "DELETE /api/v1/moderation/notes/:id",
      auth: "moderator",
      idempotent: true,
      summary: "Removes an internal note: its author can, and administrators.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [NoteNotFound, NotYourNote],
    }),
    claim: command({
      http: "POST /api/v1/moderation/queue/:id/claim",
      auth: "moderator",
      idempotent: true,
      summary:
        "Claims an open case, so that other moderators see who works on it; `take_over` takes it from another moderator.",
      input: z.object({ id: Id, takeOver: z.boolean().default(false) }),
      output: Case,
      errors: [CaseNotFound, AlreadyDecided, ClaimedByOther],
    }),
    release: command({
      http: "DELETE /api/v1/moderation/queue/:id/claim",
      auth: "moderator",
      idempotent: true,
      summary: "Releases a case: the moderator who claimed it can, and administrators.",
      input: z.object({ id: Id }),
      output: Case,
      errors: [CaseNotFound, ClaimedByOther],
    }),
    resolve: command({
      http: "POST /api/v1/moderation/queue/:id/resolve",
      auth: "moderator",
      summary: "Decides a case; held content is published by `dismiss` and `warn`, and removed by the other actions.",
      input: z.object({ id: Id, ...verdict }),
      output: Case,
      errors: judging,
    }),
    decide: command({
      http: "POST /api/v1/moderation/decisions",
      auth: "moderator",
      summary: "Decides about content or a user without a report; open reports of it are decided with it.",
      input: z.object({ kind: Kind, id: Id, ...verdict }),
      output: Case,
      errors: judging,
    }),
    undo: command({
      http: "POST /api/v1/moderation/queue/:id/undo",
      auth: "moderator",
      summary: "Undoes a decision: a dismissed case is open again, removed content and banned users come back.",
      input: z.object({ id: Id }),
      output: Case,
      errors: [CaseNotFound, NotDecided, NotKept, YourOwn, OutOfReach],
    }),
    appeals: query({
      http: "GET /api/v1/moderation/appeals",
      auth: "moderator",
      summary: "Lists open appeals, oldest first, or answered ones.",
      input: z.object({ state: z.enum(["open", "accepted", "refused"]).default("open"), ...pageInput }),
      output: page(z.object({ ...Case.shape, appeal: Appeal }).meta({ id: "AppealedCase" })),
    }),
    answerAppeal: command({
      http: "POST /api/v1/moderation/appeals/:id/answer",
      auth: "moderator",
      summary: "Answers the appeal against a case's decision; accepting it undoes the decision.",
      input: z.object({ id: Id, accept: z.boolean(), answer: z.string().max(500).default("") }),
      output: z.object({}),
      errors: [AppealNotFound, NotKept, YourOwn, OutOfReach],
    }),
    standing: query({
      http: "GET /api/v1/moderation/users/:id",
      auth: "moderator",
      summary: "Lists the measures in force against a user, and since when everything of the user is taken back.",
      input: z.object({ id: Id }),
      output: z.object({ items: z.array(Measure), sweptAtMs: Instant.nullable() }),
    }),
    sweep: command({
      http: "POST /api/v1/moderation/users/:id/sweep",
      auth: "moderator",
      idempotent: true,
      summary:
        "Takes back everything that a user did: removes videos, comments, danmaku, playlists, live rooms and messages, ends likes and follows, and withdraws open reports.",
      input: z.object({ id: Id, note: z.string().trim().max(500).default("") }),
      output: z.object({}),
      errors: [AuthorUnknown, OutOfReach, YourOwn],
    }),
    undoSweep: command({
      http: "POST /api/v1/moderation/users/:id/sweep/undo",
      auth: "moderator",
      idempotent: true,
      summary: "Brings back what was removed with a sweep. Likes, follows and reports do not come back.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [AuthorUnknown, OutOfReach, YourOwn],
    }),

    words: query({
      http: "GET /api/v1/admin/words",
      auth: "admin",
      summary: "Returns the blocklist in alphabetical order, and the limits of new accounts.",
      input: z.object({}),
      output: z.object({ items: z.array(Word), rules: NewcomerRules }),
    }),
    addWord: command({
      http: "POST /api/v1/admin/words",
      auth: "admin",
      summary:
        "Adds a term to the blocklist; `*` at its beginning or end stands for the rest of a word. `hold` shows it to a moderator first, `refuse` says no.",
      input: z.object({
        pattern: z.string().trim().normalize("NFC").min(1).max(patternMax),
        action: Word.shape.action,
      }),
      output: Word,
      errors: [WordExists, TooManyWords, BadWord],
    }),
    removeWord: command({
      http: "DELETE /api/v1/admin/words/:id",
      auth: "admin",
      idempotent: true,
      summary: "Removes a term from the blocklist.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [WordNotFound],
    }),
    setRules: command({
      http: "PUT /api/v1/admin/newcomers",
      auth: "admin",
      idempotent: true,
      summary: "Sets the limits of new accounts.",
      input: NewcomerRules,
      output: NewcomerRules,
    }),
    audit: query({
      http: "GET /api/v1/admin/audit",
      auth: "admin",
      summary: "Lists the audit trail, latest first; its entries cannot be changed or removed.",
      input: z.object({
        act: z.string().max(64).optional(),
        /** All acts of one kind: what stands before the dot, such as `session`. */
        area: z.string().max(64).optional(),
        actorId: Id.optional(),
        subjectId: Id.optional(),
        sinceMs: Instant.optional(),
        beforeMs: Instant.optional(),
        ...pageInput,
      }),
      output: page(AuditEntry),
    }),
  },
  { holdsUserData: true, scopes: { query: "social:read", command: "social:write" } },
);
