/**
 * The seeds of this run, from `TESSERA_SOAK_SEEDS`, which `run.mjs` sets: `17` or `1-100`. Without it
 * a sample, which is part of `npm test`; Firefox takes longer for each.
 */
export function seeds(): number[] {
  const sample = process.env.TESSERA_ENGINE === 'firefox' ? '1-2' : '1-3'
  const [first = 1, last = first] = (process.env.TESSERA_SOAK_SEEDS ?? sample)
    .split('-')
    .map(Number)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}
