/** The folders in which the system looks for programs; the start may have put one of ours in front. */
export const searchPath = (): string => process.env["PATH"] ?? "";
