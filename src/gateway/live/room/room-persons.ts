import { isNetwork, visitorsPerNetworkMax } from "#policy/persons";
import type { RoomReport } from "#services/live/contract";
import type { z } from "zod";

type Report = Omit<z.output<typeof RoomReport>, "id">;

/** Persons in one report; the others are in the next. */
const changesMax = 10_000;

/** The persons who are in a room of this process, and the changes that the live service has not acknowledged yet. */
export class RoomPersons {
  readonly #connections = new Map<string, number>();
  /** Persons whose number of connections may differ from the last report. */
  readonly #changed = new Set<string>();
  /** The service's knowledge is uncertain, as before the first report and after one that was not answered. */
  #isUncertain = true;
  #hasFailed = false;

  get isEmpty(): boolean {
    return this.#connections.size === 0;
  }

  /** True if the service knows all that happened here. */
  get isReported(): boolean {
    return this.#changed.size === 0 && !this.#hasFailed;
  }

  enter(person: string): void {
    this.#connections.set(person, (this.#connections.get(person) ?? 0) + 1);
    this.#changed.add(person);
  }

  leave(person: string): void {
    const connections = (this.#connections.get(person) ?? 1) - 1;
    if (connections > 0) this.#connections.set(person, connections);
    else this.#connections.delete(person);
    this.#changed.add(person);
  }

  /** The changes to report now. */
  report(): Report {
    const isWhole = this.#isUncertain;
    if (isWhole) for (const person of this.#connections.keys()) this.#changed.add(person);
    const persons = [...this.#changed].slice(0, changesMax);
    for (const person of persons) this.#changed.delete(person);
    this.#isUncertain = this.#hasFailed = false;
    return { isWhole, changes: persons.map((person) => ({ person, connections: this.#countOf(person) })) };
  }

  /** The last report was not answered: the next one holds everything. */
  fail(): void {
    this.#isUncertain = this.#hasFailed = true;
  }

  /** At most as many connections as are counted of one network, so that a further one changes nothing. */
  #countOf(person: string): number {
    return Math.min(this.#connections.get(person) ?? 0, isNetwork(person) ? visitorsPerNetworkMax : 1);
  }
}
