import { command, contract } from "#kernel";
import { z } from "zod";

/** A code of the cloud-files API, also of what went wrong, and a sentence. */
const result = { code: z.int(), message: z.string() };
const text = z.string().max(1_000);
const bytes = z.instanceof(Uint8Array);
const credentials = z.object({ username: text, password: text });
const packaged = "kinora.compat.cloudfiles";
/** A refused caller gets its answer in `code` too, so every caller is admitted. */
const open = { auth: "public", rate: "login" } as const;
const look = { auth: "public", rate: "read" } as const;
const change = { auth: "public", rate: "write" } as const;
/** `token`, in place of that of the account, is good at this entry until `expiresAt`, in seconds since 1970. */
const entry = z.object({ ...result, entry: z.string(), token: z.string(), expiresAt: z.int() });

/** Accounts and lists of the cloud-files-compatible API. `username` may be empty: it is whose token is shown. */
export const cloudFilesAccount = {
  ...contract("cloudFilesAccount", 1, {
    signup: command({ ...open, summary: "Makes an account.", input: credentials, output: z.object(result) }),
    signin: command({
      ...open,
      summary: "Says whether name and password belong together; no token is made.",
      input: credentials,
      output: z.object({ ...result, token: z.string() }),
    }),
    userInfo: command({
      ...look,
      summary: "The account whose token is shown.",
      input: z.object({ username: text }),
      output: z.object({
        ...result,
        username: z.string(),
        email: z.string(),
        phone: z.string(),
        signupAt: z.string(),
        lastActive: z.string(),
        status: z.int(),
      }),
    }),
    userFiles: command({
      ...look,
      summary: "One's own files, the latest upload first: JSON, as HTTP has it.",
      input: z.object({ username: text, limit: z.int(), offset: z.int() }),
      output: z.object({ ...result, fileData: bytes }),
    }),
    userFileRename: command({
      ...change,
      summary: "Gives a file another name.",
      input: z.object({ username: text, filehash: text, filename: text }),
      output: z.object({ ...result, fileData: bytes }),
    }),
    verifyToken: command({
      ...look,
      summary: "Whether a token and a name belong together.",
      input: z.object({ username: text, token: text }),
      output: z.object(result),
    }),
  }),
  scopes: { query: "cloudfiles", command: "cloudfiles" },
  proto: { package: packaged, service: "AccountService" },
} as const;

export const cloudFilesUpload = {
  ...contract("cloudFilesUpload", 1, {
    uploadEntry: command({
      ...look,
      summary: "Where files are sent to, and a token for it where the caller shows one.",
      input: z.object({}),
      output: entry,
    }),
  }),
  scopes: { query: "cloudfiles", command: "cloudfiles" },
  proto: { package: packaged, service: "UploadService" },
} as const;

export const cloudFilesDownload = {
  ...contract("cloudFilesDownload", 1, {
    downloadEntry: command({
      ...look,
      summary: "Where files come from, and a token for it where the caller shows one.",
      input: z.object({}),
      output: entry,
    }),
  }),
  scopes: { query: "cloudfiles", command: "cloudfiles" },
  proto: { package: packaged, service: "DownloadService" },
} as const;

export const cloudFilesProxy = {
  ...contract("cloudFilesProxy", 1, {
    /**
     * `transaction`: all in one, the first failure undoes them. `sequence`: none behind one that failed. `resultType` 0:
     * what became of each, else of the last alone. `params` is a JSON list, as is the answer's data.
     */
    executeAction: command({
      ...change,
      summary: "Listed actions on the tables of files, for the user whose token is shown.",
      input: z.object({
        sequence: z.boolean(),
        transaction: z.boolean(),
        resultType: z.int(),
        actions: z.array(z.object({ name: text, params: bytes })).max(100),
      }),
      output: z.object({ ...result, data: bytes }),
    }),
  }),
  scopes: { query: "cloudfiles", command: "cloudfiles" },
  proto: { package: packaged, service: "DBProxyService" },
} as const;
