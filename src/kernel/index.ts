export type { Reader, Tx } from "./db/transaction.ts";

export { type BlobReader, type BlobStore, type BlobWriter, type StoredBlob } from "./blob/port.ts";
export { audited } from "./host/audited.ts";
export { handlersOf, joinHandlers } from "./host/handlers.ts";
export { type Cache, CacheUnavailable } from "./cache/port.ts";
export {
  asViewer,
  type Call,
  callerOf,
  mustBeFresh,
  type Language,
  newCall,
  onPrimary,
  type Role,
  type Viewer,
  viewerFields,
} from "./call.ts";
export {
  answeredByHost,
  type Auth,
  type Client,
  type Contract,
  command,
  contract,
  type EventType,
  event,
  type Handlers,
  type Method,
  query,
  type Rate,
  stream,
} from "./contract.ts";
export {
  Duration,
  edge,
  Id,
  Instant,
  withName as named,
  PositiveInstant,
  PublicPath,
  Line,
  PageAddress,
  PictureAddress,
  Said,
  SaidLine,
  Title,
  SocketPath,
  UserRef,
} from "./fields.ts";
export { anyOf } from "./db/any-of.ts";
export { within } from "./deadline.ts";
export { Gather, inOrderOf } from "./db/batches/gather.ts";
export { createLists as listsOf, type Page } from "./db/batches/lists.ts";
export type { Reading } from "./db/positions.ts";
export { Group } from "./db/batches/group.ts";
export { Db, pageOf } from "./db/port.ts";
export type { Environment } from "./environment/environment.ts";
export type { Fanout } from "./fanout/port.ts";
export { type Failure, failure, KinoraError, kinds } from "./errors.ts";
export { type Job, type JobKind, type Jobs, job, type Schedule } from "./jobs/port.ts";
export { fixedKey, isSignedWith, type RotatingKey } from "./keys/port.ts";
export type { Sealing } from "./keys/sealing.ts";
export { answerOr } from "./log/answer-or.ts";
export type { Log } from "./log/port.ts";
export { type Mailer, MailFailed } from "./mail/port.ts";
export {
  type Outgoing,
  type OutgoingAnswer,
  OutgoingFailed,
  OutgoingRefused,
  type OutgoingRequest,
} from "./outgoing/port.ts";
export { emptyPage, type PageInput, page, pageInput, rowsByNumberMax } from "./page.ts";
export { type Emit, type EmitAll, type Host, type Plugin, plugin } from "./host/plugin.ts";
export { on, onAll, type Subscription } from "./bus/subscription.ts";
export { service } from "./service.ts";
