/** The transfer as the API describes it. */
export interface Transfer {
  readonly id: number;
  readonly kind: string;
  /** The regular reading of a store. */
  readonly is_scrub: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly status: string;
  readonly is_planned: boolean;
  readonly objects_total: number;
  readonly objects_done: number;
  readonly objects_waiting: number;
  readonly objects_skipped: number;
  readonly objects_damaged: number;
  readonly objects_repaired: number;
  readonly objects_failed: number;
  readonly bytes_total: number;
  readonly bytes_done: number;
  readonly reason: string | null;
  readonly failures?: readonly { readonly object: string; readonly message: string }[];
}

export interface Output {
  readonly log: (line: string) => void;
  readonly error: (line: string) => void;
}
export const isOver = ({ status }: Transfer): boolean => ["done", "failed", "cancelled"].includes(status);

/** Prints a transfer and its failures; yields the exit code. */
export function report(transfer: Transfer, { log }: Output): number {
  log(lineOf(transfer));
  for (const { object, message } of transfer.failures ?? []) log(`✖ ${object}: ${message}`);
  return transfer.objects_failed === 0 && transfer.status !== "failed" && transfer.status !== "cancelled" ? 0 : 1;
}

/** One line: what it moves, and how far it is. */
export function lineOf(transfer: Transfer): string {
  const where = transfer.to === null ? (transfer.from ?? "") : `${transfer.from ?? "anywhere"} → ${transfer.to}`;
  const percent = transfer.bytes_total === 0 ? 100 : Math.floor((transfer.bytes_done / transfer.bytes_total) * 100);
  const counts = [
    `${transfer.objects_done} of ${transfer.objects_total} objects`,
    `${percent} % of ${mebibytes(transfer.bytes_total)}`,
    transfer.objects_waiting > 0 && `${transfer.objects_waiting} in both stores until nobody reads the old ones`,
    transfer.objects_damaged > 0 && `${transfer.objects_damaged} damaged`,
    transfer.objects_repaired > 0 && `${transfer.objects_repaired} repaired`,
    transfer.objects_skipped > 0 && `${transfer.objects_skipped} not needed any more`,
    transfer.objects_failed > 0 && `${transfer.objects_failed} failed`,
  ].filter(Boolean);
  const progress = transfer.is_planned ? counts.join(", ") : "looks what there is to do";
  return `${transfer.id}  ${transfer.is_scrub ? "scrub" : transfer.kind} ${where}  ${transfer.status}: ${progress}${transfer.reason === null ? "" : ` (${transfer.reason})`}`;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
