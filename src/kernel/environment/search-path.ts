/** Where the system looks for programs; the start may have put a folder of ours in front. */
export const searchPath = (): string => process.env["PATH"] ?? "";
