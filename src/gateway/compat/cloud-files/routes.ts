import type { RawRoute } from "../../raw-route.ts";

const forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
const signed = ["username", "token"];
const common = { group: "cloudfiles", scope: "cloudfiles", answers: "application/json", credential: "header" } as const;
const page = { ...common, verb: "GET", auth: "public", rate: "read", kind: "query", answers: "text/html" } as const;
const open = { ...common, verb: "POST", auth: "public", rate: "login", kind: "command", takes: forms } as const;
const look = { ...common, verb: "POST", auth: "user", rate: "read", kind: "query", takes: forms } as const;
const change = { ...common, verb: "POST", auth: "user", rate: "upload", kind: "command", takes: forms } as const;
const upload = { ...change, entry: "upload" } as const;

/** The cloud-files-compatible API. Parameters of a query may stand in the form too; the form's value counts. */
export const cloudFilesRoutes: readonly RawRoute[] = [
  { ...page, path: "/user/signup", name: "signupPage", summary: "Redirects to the sign-up page." },
  { ...page, path: "/user/signin", name: "signinPage", summary: "Redirects to the sign-in page." },
  {
    ...open,
    path: "/user/signup",
    name: "signup",
    summary: "Creates an account.",
    query: ["username", "password"],
  },
  {
    ...open,
    path: "/user/signin",
    name: "signin",
    summary: "Signs in for thirty days, and returns the addresses of uploads and downloads.",
    query: ["username", "password"],
  },
  { ...look, path: "/user/info", name: "info", summary: "The account that is signed in.", query: signed },
  {
    ...look,
    path: "/file/query",
    name: "query",
    summary: "One's own files, the latest upload first.",
    query: [...signed, "limit", "offset"],
  },
  {
    ...change,
    path: "/file/update",
    name: "update",
    summary: "Renames a file.",
    rate: "write",
    query: [...signed, "op", "filehash", "filename"],
  },
  {
    ...upload,
    path: "/file/upload",
    name: "upload",
    summary: "Takes a whole file, in `file`.",
    takes: ["multipart/form-data"],
    query: [...signed, "filehash"],
  },
  {
    ...upload,
    path: "/file/fastupload",
    name: "fastupload",
    summary: "Makes a file of content that is stored already.",
    rate: "costly",
    query: [...signed, "filehash", "filename", "filesize"],
  },
  {
    ...upload,
    path: "/file/mpupload/init",
    name: "begin",
    summary: "Begins an upload in parts, or finds the one of this content that was begun.",
    query: [...signed, "filehash", "filesize", "filename"],
  },
  {
    ...upload,
    path: "/file/mpupload/uppart",
    name: "part",
    summary: "Takes one part: the body, whatever its type.",
    rate: "part",
    takes: ["application/octet-stream", "multipart/form-data"],
    query: [...signed, "uploadid", "index", "chkhash"],
  },
  {
    ...upload,
    path: "/file/mpupload/complete",
    name: "complete",
    summary: "Makes the file once all parts are there.",
    query: [...signed, "uploadid", "filehash", "filesize", "filename"],
  },
  {
    ...common,
    verb: "GET",
    path: "/file/download",
    name: "download",
    summary: "The bytes of one's own file, by range.",
    answers: "application/octet-stream",
    auth: "user",
    rate: "media",
    kind: "query",
    entry: "download",
    query: [...signed, "filehash"],
  },
  {
    ...look,
    path: "/file/downloadurl",
    name: "downloadurl",
    summary: "An address of the bytes that needs nothing else, for an hour.",
    rate: "write",
    kind: "command",
    entry: "download",
    answers: "text/plain",
    query: [...signed, "filehash"],
  },
];
