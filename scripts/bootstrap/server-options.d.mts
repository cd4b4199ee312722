/** Options of Node for a server. */
export const serverOptions: readonly string[];
