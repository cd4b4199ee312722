import type { Rate } from "../contract.ts";

/** Requests per minute of each class, per caller and route group. */
export type RateSizes = Readonly<Record<Rate, number>>;

/** Two numbers for each class: an address without a sign-in, and an account. */
export interface CallerRates {
  readonly address: RateSizes;
  readonly account: RateSizes;
}

/** A method names its class in its contract (`rate`). `KINORA_RATE_LIMIT=off` switches all limits off. */
export const usualRates: RateSizes = {
  read: 300,
  write: 100,
  costly: 20,
  login: 20,
  upload: 300,
  part: 12_000,
  media: 12_000,
};

/** The same numbers for addresses and accounts, except where one of them is given. */
export const callerRates = (address: Partial<RateSizes> = {}, account: Partial<RateSizes> = address): CallerRates => ({
  address: { ...usualRates, ...address },
  account: { ...usualRates, ...account },
});
