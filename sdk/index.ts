export { type ClientOptions, Kinora, type TokenProvider } from "./client.ts";
export { type FieldProblem, KinoraError } from "./error.ts";
export { type EventOptions, type EventSource, type Reset, updates } from "./events.ts";
export type * from "./generated.ts";
export type { Ask, CallOptions, Input, Output, Transport } from "./request.ts";
export { SignIn, type Tokens } from "./sign-in.ts";
export { upload, type UploadOptions } from "./upload.ts";
