import type { Call, KinoraError } from "#kernel";
import { auth, type EntryDirection } from "#services/auth/contract";
import { drive } from "#services/drive/contract";
import type { Facade, FacadeHandlers, FacadeParts } from "../facade.ts";
import { actionOf } from "./actions.ts";
import { Usernames } from "./caller.ts";
import { codeOf, codes } from "./envelope.ts";
import { cloudFilesAccount, cloudFilesDownload, cloudFilesProxy, cloudFilesUpload } from "./facade-contract.ts";
import { fileItem, listSize, offsetMax, timeText } from "./file-item.ts";
import { Account, parse, Renaming } from "./parameters.ts";

const family = "cloudfiles";
const successOf = <T extends object>(fields: T) => ({ code: codes.success, message: "success", ...fields });
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The cloud-files-compatible API by gRPC. */
export function cloudFilesFacades({ client, admission, address, entries }: FacadeParts): readonly Facade[] {
  const accounts = client(auth);
  const files = client(drive);
  const usernames = new Usernames(client);
  /** The username of the caller, which must be the claimed one where one is sent. */
  const usernameOf = (call: Call, claimed: string): Promise<string> =>
    usernames.check(call, claimed === "" ? undefined : claimed);
  const entryAt = (direction: EntryDirection) => async (_: object, call: Call) => {
    const entry = entries[direction] ?? address();
    if (call.userId === undefined) return successOf({ entry });
    const { token, expiresAtMs } = await accounts.signEntry({ direction }, call);
    return successOf({ entry, token, expiresAt: Math.floor(expiresAtMs / 1_000) });
  };

  const account: FacadeHandlers<typeof cloudFilesAccount> = {
    async signup(credentials, call) {
      await accounts.registerFor({ family, ...parse(Account, credentials) }, call);
      return successOf({});
    },
    async signin(credentials, call) {
      await accounts.loginFor({ family, ...parse(Account, credentials) }, call);
      return successOf({});
    },
    async userInfo(input, call) {
      const username = await usernameOf(call, input.username);
      const { email = "", phone = "", ...times } = await accounts.account({ userId: call.userId }, call);
      const { createdAtMs = 0, activeAtMs = createdAtMs } = times;
      const activity = { signupAt: timeText(createdAtMs), lastActive: timeText(activeAtMs) };
      return successOf({ username, email, phone, ...activity });
    },
    async userFiles({ username: claimed, limit, offset }, call) {
      const username = await usernameOf(call, claimed);
      const count = limit > 0 ? Math.min(limit, listSize.max) : listSize.usual;
      const from = Math.max(0, offset);
      const { items } = from > offsetMax ? { items: [] } : await files.library({ limit: count, offset: from }, call);
      return successOf({ fileData: json(items.map((file) => fileItem(username, file))) });
    },
    async userFileRename({ username: claimed, ...renaming }, call) {
      const username = await usernameOf(call, claimed);
      const { filehash, filename } = parse(Renaming, renaming);
      const file = await files.renameByHash({ hash: { kind: "sha1", hex: filehash }, name: filename }, call);
      return successOf({ fileData: json([fileItem(username, file)]) });
    },
    async verifyToken({ username, token }, call) {
      await usernames.check({ ...call, ...(await admission.viewer(token, call)) }, username);
      return successOf({});
    },
  };

  const proxy: FacadeHandlers<typeof cloudFilesProxy> = {
    async executeAction({ sequence, transaction, resultType, actions }, call) {
      const username = await usernames.check(call, undefined);
      const batch = { isOne: transaction, stopsAtFailure: sequence };
      const driveActions = actions.map((action) => actionOf(action, username));
      const { items } = await files.execute({ ...batch, actions: driveActions }, call);
      const results = items.map(({ files: affected, error }) => ({
        Suc: error === null,
        Code: error === null ? codes.success : codes.refused,
        Msg: error?.message ?? "",
        Data: affected.map((file) => fileItem(username, file)),
      }));
      return successOf({ data: json(resultType === 0 ? results : (results.at(-1) ?? null)) });
    },
  };

  const common = {
    group: family,
    refusalOf: (error: KinoraError) => ({ code: codeOf(error), message: error.message }),
  };
  return [
    { ...common, contract: cloudFilesAccount, handlers: account },
    { ...common, contract: cloudFilesUpload, handlers: { uploadEntry: entryAt("upload") } },
    { ...common, contract: cloudFilesDownload, handlers: { downloadEntry: entryAt("download") } },
    { ...common, contract: cloudFilesProxy, handlers: proxy },
  ];
}
