import type { Config } from "../../src/kernel/config/load.ts";
import { type CallerRates, callerRates } from "../../src/kernel/http/limits.ts";

/** The settings that a running process applies when they change: those with `reload` in their schema. */
export class LiveSettings implements CallerRates {
  logLevel: Config["telemetry"]["logLevel"];
  address: CallerRates["address"];
  account: CallerRates["account"];

  constructor({ telemetry, limits }: Config) {
    this.logLevel = telemetry.logLevel;
    const { address, account } = callerRates(limits.ratePerAddress, limits.ratePerAccount);
    this.address = address;
    this.account = account;
  }

  apply(config: Config): void {
    Object.assign(this, new LiveSettings(config));
  }
}
