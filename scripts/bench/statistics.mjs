// @ts-check
/** What is said of many measurements. */

/**
 * The value that a share of all values does not exceed.
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number | undefined} undefined when there are no values
 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/**
 * The one in the middle.
 * @param {readonly number[]} values
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * How many times the second number goes into the first; undefined where one is missing.
 * @param {number | undefined} dividend
 * @param {number | undefined} divisor
 */
export function quotient(dividend, divisor) {
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
}
