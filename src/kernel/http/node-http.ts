/**
 * Parts of Node's HTTP module for code of every process. An import of "node:http" reads all exports of the module, also its
 * WebSocket, for which Node loads undici: 3 MB in each process.
 */
export const { request, ServerResponse, STATUS_CODES } = process.getBuiltinModule("node:http");
