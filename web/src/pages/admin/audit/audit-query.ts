import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Operations } from "#base/api/types.ts";

export type AuditEntry = Operations["moderation.audit"]["answer"]["list"][number];

/** The kinds of acts, as codes begin with them, in the order of the list. */
export const areas = [
  "session",
  "password",
  "email",
  "user",
  "role",
  "registration",
  "moderation",
  "appeal",
  "video",
  "comment",
  "danmaku",
  "share",
  "words",
  "newcomers",
  "search",
  "instance",
  "format",
  "runner",
  "space",
  "job",
  "event",
] as const;
export type Area = (typeof areas)[number];

const dayMs = 86_400_000;
export const spans = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
export type Span = keyof typeof spans;

export interface AuditFilter {
  readonly area: Area | null;
  readonly span: Span | null;
  readonly actorId: number | null;
  readonly subjectId: number | null;
}

/** Entries of the audit trail, latest first. */
export const auditQuery = ({ area, span, actorId, subjectId }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: keyOf("audit", area, span, actorId, subjectId),
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.audit", {
        query: {
          cursor: pageParam,
          page_size: 50,
          ...(area !== null && { area }),
          ...(span !== null && { since: new Date(Date.now() - spans[span]).toISOString() }),
          ...(actorId !== null && { actor_id: actorId }),
          ...(subjectId !== null && { subject_id: subjectId }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

/** The number of an account by its name; null where no account has it. */
export const accountIdQuery = (name: string) =>
  queryOptions({
    queryKey: keyOf("account-id", name.toLowerCase()),
    queryFn: async ({ signal }) => {
      try {
        return (await ask("user.byName", { path: { username: name }, signal })).id;
      } catch (thrown) {
        if (asFailure(thrown).status === 404) return null;
        throw thrown;
      }
    },
  });
