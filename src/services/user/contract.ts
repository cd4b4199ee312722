import {
  command,
  service,
  failure,
  Id,
  Instant,
  Line,
  PageAddress,
  PictureAddress,
  PublicPath,
  query,
  UserRef,
} from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { DomainDenied, EmailMissing, EmailTaken } from "#services/auth/contract";
import { UnreadablePicture } from "#services/media/contract";
import { pictureFailures } from "#services/upload/contract";
import { z } from "zod";

export const UserNotFound = failure("not_found", "user.not_found", "no such user");
export const NotYourself = failure("denied", "user.not_yourself", "only the owner can change a profile");

/** A page elsewhere that a profile refers to. */
const ProfileLink = z.object({ title: Line(50).min(1), url: PageAddress(500) }).meta({ id: "ProfileLink" });
export type ProfileLink = z.infer<typeof ProfileLink>;

/** Absent for everybody else, so that nobody's answers grow by it. */
const StaffRole = z.enum(["moderator", "admin"]);
export const UserBrief = z
  .object({
    id: Id,
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    introduction: z.string(),
    role: StaffRole.optional(),
  })
  .meta({ id: "UserBrief" });
export type UserBrief = z.infer<typeof UserBrief>;

/**
 * A profile. The private half is there for its owner only; counts are added at the edge by the services that own them.
 */
export const User = z
  .object({
    id: Id,
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    backgroundImage: PublicPath,
    gender: z.int().min(0).max(2),
    bio: z.string(),
    introduction: z.string(),
    /** The long text about the user. */
    about: z.string(),
    links: z.array(z.object({ title: z.string(), url: z.string() })),
    province: z.string(),
    city: z.string(),
    school: z.string(),
    company: z.string(),
    profession: z.string(),
    homepage: z.string(),
    role: z.enum(["user", "moderator", "admin"]),
    isVerified: z.boolean(),
    /** The user answers requests to follow, and nobody follows without one. */
    approvesFollowers: z.boolean(),
    createdAtMs: Instant,
    email: z.string().optional(),
    phone: z.string().optional(),
    birthday: z.string().optional(),
    showFavorites: z.boolean().optional(),
    showLikes: z.boolean().optional(),
    showFollowing: z.boolean().optional(),
    showFollowers: z.boolean().optional(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const user = service(
  "user",
  1,
  {
    get: query({
      http: "GET /api/v1/users/:id",
      scope: ["account:read", "social:read"],
      auth: "public",
      summary: "A profile; `me` is the caller's own.",
      input: z.object({ id: UserRef }),
      output: User,
      errors: [UserNotFound],
    }),
    byName: query({
      http: "GET /api/v1/users/by-name/:username",
      auth: "public",
      summary: "A profile by its user name, whatever the case.",
      input: z.object({ username: z.string().trim().normalize("NFC").min(1).max(50) }),
      output: User,
      errors: [UserNotFound],
    }),
    update: command({
      http: "PUT /api/v1/users/:id",
      auth: "user",
      idempotent: true,
      freshness: "known",
      summary:
        "Changes the caller's profile; omitted fields keep their value. A picture at another address is fetched once and stored here. Another e-mail address needs a fresh sign-in.",
      input: z.object({
        id: UserRef,
        nickname: Line(50).min(1).optional(),
        bio: z.string().max(500).optional(),
        avatar: PictureAddress.optional(),
        backgroundImage: PictureAddress.optional(),
        gender: z.int().min(0).max(2).optional(),
        birthday: z.union([z.literal(""), z.iso.date()]).optional(),
        province: Line(50).optional(),
        city: Line(50).optional(),
        email: z.union([z.literal(""), z.email().max(254)]).optional(),
        phone: Line(32).optional(),
        school: Line(100).optional(),
        company: Line(100).optional(),
        profession: Line(100).optional(),
        homepage: z.union([z.literal(""), PageAddress(500)]).optional(),
        introduction: z.string().max(500).optional(),
        about: z.string().max(5_000).optional(),
        links: z.array(ProfileLink).max(5).optional(),
        showFavorites: z.boolean().optional(),
        showLikes: z.boolean().optional(),
        showFollowing: z.boolean().optional(),
        showFollowers: z.boolean().optional(),
        /** Switched off, everybody who waits becomes a follower. */
        approveFollowers: z.boolean().optional(),
      }),
      output: User,
      errors: [
        UserNotFound,
        NotYourself,
        EmailTaken,
        EmailMissing,
        DomainDenied,
        UnreadablePicture,
        ...pictureFailures,
      ],
    }),
    /** The author as other answers name them; ids without a user are left out. */
    briefs: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({ items: z.array(UserBrief) }),
    }),
    /** The fields of a user that clients of compatible APIs show; ids without a user are left out. */
    cards: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(
          z.object({ id: Id, username: z.string(), avatar: z.string(), backgroundImage: z.string(), bio: z.string() }),
        ),
      }),
    }),
    /** The privacy settings of users; ids without a user are left out. */
    privacy: query({
      auth: "service",
      input: z.object({ ids: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(
          z.object({
            id: Id,
            showFavorites: z.boolean(),
            showLikes: z.boolean(),
            showFollowing: z.boolean(),
            showFollowers: z.boolean(),
            approvesFollowers: z.boolean(),
          }),
        ),
      }),
    }),
    /** Everybody, in batches: those after this id. */
    batch: query({
      auth: "service",
      input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(1_000).default(200) }),
      output: z.object({
        items: z.array(z.object({ userId: Id, username: z.string(), nickname: z.string(), version: z.int() })),
      }),
    }),
    /** The users with these names, in any case; names without a user are left out. */
    named: query({
      auth: "service",
      input: z.object({ names: z.array(z.string().min(1).max(50)).max(20) }),
      output: z.object({ items: z.array(z.object({ userId: Id, username: z.string() })) }),
    }),
    ...blocklist.methods,
  },
  { holdsUserData: true, scopes: { query: "social:read", command: "social:write" } },
);
