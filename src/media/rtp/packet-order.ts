import { type RtpPayload, unwrap } from "./packet.ts";

/** Packets that wait for one that is missing, and for how long: a retransmission takes a round trip. */
const heldMax = 256;
const patienceMs = 150;
/** A publisher that is further off has begun its numbers anew. */
const jumpMin = 3_000;

interface Held {
  readonly packet: RtpPayload;
  readonly atMs: number;
}

/** Packets in the order of their numbers, each once. One that stays missing is given up after a bounded wait. */
export class PacketOrder {
  readonly #deliver: (packet: RtpPayload, isAfterGap: boolean) => void;
  readonly #held = new Map<number, Held>();
  #next: number | undefined;

  constructor(deliver: (packet: RtpPayload, isAfterGap: boolean) => void) {
    this.#deliver = deliver;
  }

  get held(): number {
    return this.#held.size;
  }

  /** `nowMs`: of a clock that never goes back. */
  push(packet: RtpPayload, nowMs: number): void {
    const number = unwrap(packet.sequence, this.#next, 16);
    const next = this.#next ?? number;
    if (Math.abs(number - next) > jumpMin) {
      this.#held.clear();
      this.#next = number + 1;
      this.#deliver(packet, true);
      return;
    }
    if (number < next) return;
    this.#next = next;
    if (!this.#held.has(number)) this.#held.set(number, { packet, atMs: nowMs });
    this.#drain(false);
    const [oldest] = this.#held.values();
    if (oldest && (this.#held.size > heldMax || nowMs - oldest.atMs > patienceMs)) {
      this.#next = Math.min(...this.#held.keys());
      this.#drain(true);
    }
  }

  #drain(isAfterGap: boolean): void {
    for (let isGap = isAfterGap; this.#next !== undefined; isGap = false) {
      const held = this.#held.get(this.#next);
      if (!held) return;
      this.#held.delete(this.#next);
      this.#next++;
      this.#deliver(held.packet, isGap);
    }
  }
}
