import type { FileCost, Result } from "./item.ts";
import type { Item } from "./plan/plan.ts";

interface Conclusion {
  readonly isCi: boolean;
  readonly grep?: string | undefined;
  readonly say: (line: string) => void;
}

/** The sum of all items of a run. */
export class Sum {
  readonly costs: FileCost[] = [];
  cpuSeconds = 0;
  #passed = 0;
  readonly #failures: string[] = [];
  readonly #skipped: string[] = [];

  add({ suite, name }: Item, { tally, files, seconds, cpuSeconds }: Result): void {
    this.#passed += tally.passed;
    this.#failures.push(...tally.failures.map((how) => `✖ ${suite.name}: ${how}`));
    this.#skipped.push(...tally.skipped);
    this.cpuSeconds += cpuSeconds;
    if (files.length > 0) this.costs.push(...files);
    else this.costs.push({ file: name, seconds, cpuSeconds, tests: tally.passed });
  }

  fail(how: string): void {
    this.#failures.push(`✖ ${how}`);
  }

  skip(what: string): void {
    this.#skipped.push(what);
  }

  /** Prints failures, skips and, last, the counts; the exit code. `grep`: words of the titles that were requested. */
  conclude({ isCi, grep, say }: Conclusion): number {
    if (this.#failures.length > 0) say(`\n# what failed\n${this.#failures.join("\n")}\n# end of what failed`);
    if (this.#skipped.length > 0) say(`\n${this.#skipped.length} skipped: ${this.#skipped.join("; ")}`);
    if (isCi && this.#skipped.length > 0) say("a skip is a failure here, because CI=true");
    if (this.#passed === 0 && this.#failures.length === 0)
      say(
        grep !== undefined && this.#skipped.length === 0 ? `no test ran: no title contains “${grep}”` : "no test ran",
      );
    const failed = this.#failures.length + (isCi ? this.#skipped.length : 0);
    say(`${this.#passed} passed, ${failed} failed`);
    return failed > 0 || this.#passed === 0 ? 1 : 0;
  }
}
