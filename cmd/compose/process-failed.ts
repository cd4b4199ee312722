/** A process that this one started could not do its work. */
export class ProcessFailed extends Error {
  override readonly name = "ProcessFailed";
}
