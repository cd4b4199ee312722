import { failure } from "#kernel";
import { BadToken } from "#services/auth/contract";
import type { Action } from "#services/drive/contract";
import { InvalidInput } from "#kernel/errors";
import { z } from "zod";
import { listed } from "./listing.ts";
import { fileName, sha1 } from "./parameters.ts";

const ForbiddenAction = failure("denied", "cloudfiles.forbidden_action", "there is no such action for you");

const username = z.string().max(254);
const whole = z.int().nonnegative();
const hash = (hex: string) => ({ kind: "sha1" as const, hex });

/** An action older programs ask for, and which of the drive's it is. A name among the parameters is the caller's own. */
interface Listed<P extends z.ZodTuple = z.ZodTuple> {
  readonly parameters: P;
  of(given: z.output<P>): { readonly username?: string; readonly action: Action };
}
const entry = <P extends z.ZodTuple>(parameters: P, of: Listed<P>["of"]): Listed => ({ parameters, of });

/** Everything else is refused, whatever it is called. */
const allowed = new Map<string, Listed>([
  ["/file/GetFileMeta", entry(z.tuple([sha1]), ([hex]) => ({ action: { kind: "find", hash: hash(hex) } }))],
  [
    "/ufile/QueryUserFileMeta",
    entry(z.tuple([username, sha1]), ([name, hex]) => ({ username: name, action: { kind: "find", hash: hash(hex) } })),
  ],
  [
    "/ufile/QueryUserFileMetas",
    entry(z.tuple([username, whole]), ([name, limit]) => ({
      username: name,
      action: { kind: "list", limit: Math.min(limit, listed.max), offset: 0 },
    })),
  ],
  [
    "/ufile/RenameFileName",
    entry(z.tuple([username, sha1, fileName]), ([name, hex, to]) => ({
      username: name,
      action: { kind: "rename", hash: hash(hex), name: to },
    })),
  ],
  [
    "/ufile/DeleteUserFile",
    entry(z.tuple([username, sha1]), ([name, hex]) => ({ username: name, action: { kind: "trash", hash: hash(hex) } })),
  ],
]);

export interface Wanted {
  readonly name: string;
  /** A JSON list, in UTF-8. */
  readonly params: Uint8Array;
}

/** What the drive is to do. @throws ForbiddenAction, BadToken for somebody else's name, InvalidInput */
export function actionOf({ name, params }: Wanted, caller: string): Action {
  const found = allowed.get(name);
  if (!found) throw ForbiddenAction({});
  const parsed = found.parameters.safeParse(listIn(params));
  if (!parsed.success) throw InvalidInput({ fields: [{ field: name, message: "other parameters than it has" }] });
  const { username: said = caller, action } = found.of(parsed.data);
  if (said !== caller) throw BadToken({});
  return action;
}

function listIn(params: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(params).toString());
  } catch {
    return undefined;
  }
}
