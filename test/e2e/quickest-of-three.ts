/**
 * How long, in milliseconds, the quickest of up to three tries took; no more are made once one was
 * quicker than `limit`. A busy machine has a bad moment, a slow product has nothing else.
 *
 * @param once makes the try with this number, from 0, and says how long it took
 */
export async function quickestOfThree(
  limit: number,
  once: (number: number) => Promise<number>,
): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY
  for (let number = 0; number < 3 && quickest >= limit; number++) {
    quickest = Math.min(quickest, await once(number))
  }
  return quickest
}
