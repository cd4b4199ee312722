import type { Call, Host, Id } from "#kernel";
import { video } from "#services/video/contract";

/** A video by its number. @throws VideoNotFound, PasswordNeeded where the caller may not see it */
export const visibleVideoOf =
  ({ client, call: newCall }: Pick<Host, "client" | "call">) =>
  (id: Id, { traceId, signal, userId, role, unlock }: Call) =>
    client(video).get(
      { id },
      newCall({
        traceId,
        signal,
        ...(userId !== undefined && { userId }),
        ...(role && { role }),
        ...(unlock !== undefined && { unlock }),
      }),
    );
