/**
 * Options of Node for a server. With V8's own size of the young generation (16 MiB a half), a start leaves some 70 MB of
 * heap that nothing fills again; an idle server is to take 200 MB at most, its database included.
 */
export const serverOptions = ["--max-semi-space-size=8"];
