/** The smallest unit that is stored: a hundredth, whatever the currency. */
const perUnit = 100;

/** Hundredths of a price with at most two decimals. Pure. */
export const toHundredths = (price: number): number => Math.round(price * perUnit);
/** A price of its hundredths. Pure. */
export const fromHundredths = (hundredths: number): number => hundredths / perUnit;
