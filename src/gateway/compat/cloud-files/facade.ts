import type { Call, KinoraError } from "#kernel";
import { auth } from "#services/auth/contract";
import { drive } from "#services/drive/contract";
import type { Facade, FacadeHandlers, FacadeParts } from "../facade.ts";
import { actionOf } from "./actions.ts";
import { naming } from "./caller.ts";
import { codeOf, codes } from "./envelope.ts";
import { cloudFilesAccount, cloudFilesDownload, cloudFilesProxy, cloudFilesUpload } from "./facade-contract.ts";
import { fileItem, listed, offsetMax, timeText } from "./listing.ts";
import { Account, read, Renaming } from "./parameters.ts";

const family = "cloudfiles";
const succeeded = <T extends object>(fields: T) => ({ code: codes.success, message: "success", ...fields });
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The cloud-files-compatible API by gRPC. */
export function cloudFilesFacades({ client, admission, address }: FacadeParts): readonly Facade[] {
  const accounts = client(auth);
  const files = client(drive);
  const names = naming(client);
  /** The name of whose token is shown; another one that is said is nobody's. */
  const mine = (call: Call, said: string): Promise<string> => names.check(call, said === "" ? undefined : said);
  const entry = async () => succeeded({ entry: address() });

  const account: FacadeHandlers<typeof cloudFilesAccount> = {
    async signup(given, call) {
      await accounts.registerFor({ family, ...read(Account, given) }, call);
      return succeeded({});
    },
    async signin(given, call) {
      await accounts.loginFor({ family, ...read(Account, given) }, call);
      return succeeded({});
    },
    async userInfo(given, call) {
      const username = await mine(call, given.username);
      const { email = "", phone = "", ...times } = await accounts.account({ userId: call.userId }, call);
      const { createdAtMs = 0, activeAtMs = createdAtMs } = times;
      const seen = { signupAt: timeText(createdAtMs), lastActive: timeText(activeAtMs) };
      return succeeded({ username, email, phone, ...seen });
    },
    async userFiles({ username: said, limit, offset }, call) {
      const username = await mine(call, said);
      const count = limit > 0 ? Math.min(limit, listed.max) : listed.usual;
      const from = Math.max(0, offset);
      const { items } = from > offsetMax ? { items: [] } : await files.library({ limit: count, offset: from }, call);
      return succeeded({ fileData: json(items.map((kept) => fileItem(username, kept))) });
    },
    async userFileRename({ username: said, ...given }, call) {
      const username = await mine(call, said);
      const { filehash, filename } = read(Renaming, given);
      const kept = await files.renameByHash({ hash: { kind: "sha1", hex: filehash }, name: filename }, call);
      return succeeded({ fileData: json([fileItem(username, kept)]) });
    },
    async verifyToken({ username, token }, call) {
      await names.check({ ...call, ...(await admission.viewer(token, call)) }, username);
      return succeeded({});
    },
  };

  const proxy: FacadeHandlers<typeof cloudFilesProxy> = {
    async executeAction({ sequence, transaction, resultType, actions }, call) {
      const username = await names.check(call, undefined);
      const asked = actions.map((action) => actionOf(action, username));
      const given = { isOne: transaction, stopsAtFailure: sequence, actions: asked };
      const { items } = await files.execute(given, call);
      const results = items.map(({ files: found, error }) => ({
        Suc: error === null,
        Code: error === null ? codes.success : codes.refused,
        Msg: error?.message ?? "",
        Data: found.map((kept) => fileItem(username, kept)),
      }));
      return succeeded({ data: json(resultType === 0 ? results : (results.at(-1) ?? null)) });
    },
  };

  const common = {
    group: family,
    refused: (error: KinoraError) => ({ code: codeOf(error), message: error.message }),
  };
  return [
    { ...common, contract: cloudFilesAccount, handlers: account },
    { ...common, contract: cloudFilesUpload, handlers: { uploadEntry: entry } },
    { ...common, contract: cloudFilesDownload, handlers: { downloadEntry: entry } },
    { ...common, contract: cloudFilesProxy, handlers: proxy },
  ];
}
