export { type BlobReader, type BlobStore, type BlobWriter, type StoredBlob } from "./blob/port.ts";
export { audited } from "./audit.ts";
export { type Cache, CacheUnavailable } from "./cache/port.ts";
export { type Action, type Actor, can, type Resource } from "./can.ts";
export { type Call, callerOf, newCall, type Role } from "./call.ts";
export {
  type Auth,
  type Client,
  type Contract,
  command,
  contract,
  Duration,
  edge,
  type EventType,
  event,
  type Handlers,
  Id,
  Instant,
  type Method,
  named,
  PublicPath,
  Said,
  query,
  type Rate,
  stream,
  UserRef,
} from "./contract.ts";
export { anyOf } from "./db/any-of.ts";
export { Gather, inOrderOf } from "./db/gather.ts";
export { listsOf, type Page } from "./db/lists.ts";
export { Group } from "./db/group.ts";
export { Db, pageOf, type Reader, type Tx } from "./db/port.ts";
export type { Environment } from "./environment.ts";
export { type Failure, failure, KinoraError, kinds } from "./errors.ts";
export { type Job, type JobKind, type Jobs, job, type Schedule } from "./jobs/port.ts";
export type { Log } from "./log/port.ts";
export {
  type Outgoing,
  type OutgoingAnswer,
  OutgoingFailed,
  OutgoingRefused,
  type OutgoingRequest,
} from "./outgoing/port.ts";
export { emptyPage, type PageInput, page, pageInput, rowsByNumberMax } from "./page.ts";
export { type Emit, type EmitAll, type Host, on, onAll, type Plugin, plugin, type Subscription } from "./plugin.ts";
