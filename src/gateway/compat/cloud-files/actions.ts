import { BadToken } from "#policy/account";
import { failure } from "#kernel";
import type { Action } from "#services/drive/contract";
import { InvalidInput } from "#kernel/errors";
import { z } from "zod";
import { listSize } from "./file-item.ts";
import { fileName, sha1 } from "./parameters.ts";

const ForbiddenAction = failure("denied", "cloudfiles.forbidden_action", "there is no such action for you");

const username = z.string().max(254);
const whole = z.int().nonnegative();
const hash = (hex: string) => ({ kind: "sha1" as const, hex });

/** An action of older programs, and the action of the drive it stands for. A name among the parameters is the caller's own. */
interface LegacyAction<P extends z.ZodTuple = z.ZodTuple> {
  readonly parameters: P;
  of(parameters: z.output<P>): { readonly username?: string; readonly action: Action };
}
const entry = <P extends z.ZodTuple>(parameters: P, of: LegacyAction<P>["of"]): LegacyAction => ({ parameters, of });

/** Every other action is refused. */
const allowed = new Map<string, LegacyAction>([
  ["/file/GetFileMeta", entry(z.tuple([sha1]), ([hex]) => ({ action: { kind: "find", hash: hash(hex) } }))],
  [
    "/ufile/QueryUserFileMeta",
    entry(z.tuple([username, sha1]), ([name, hex]) => ({ username: name, action: { kind: "find", hash: hash(hex) } })),
  ],
  [
    "/ufile/QueryUserFileMetas",
    entry(z.tuple([username, whole]), ([name, limit]) => ({
      username: name,
      action: { kind: "list", limit: Math.min(limit, listSize.max), offset: 0 },
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

export interface RequestedAction {
  readonly name: string;
  /** A JSON list, in UTF-8. */
  readonly params: Uint8Array;
}

/** The action of the drive. @throws ForbiddenAction, BadToken for another user's name, InvalidInput */
export function actionOf({ name, params }: RequestedAction, caller: string): Action {
  const legacy = allowed.get(name);
  if (!legacy) throw ForbiddenAction({});
  const parsed = legacy.parameters.safeParse(listIn(params));
  if (!parsed.success) throw InvalidInput({ fields: [{ field: name, message: "other parameters than it has" }] });
  const { username: claimed = caller, action } = legacy.of(parsed.data);
  if (claimed !== caller) throw BadToken({});
  return action;
}

function listIn(params: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(params).toString());
  } catch {
    return undefined;
  }
}
