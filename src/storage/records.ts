/**
 * A handful of records under names. All changes of one call happen together or not at all, and in
 * an order that every tab agrees on: runs `change` on all records, keeps what it changed, and
 * settles when that is durable.
 */
export type Records = <Result>(change: (all: Map<string, unknown>) => Result) => Promise<Result>

/** Records that live as long as the page does. */
export function createMemoryRecords(): Records {
  const all = new Map<string, unknown>()
  return async (change) => change(all)
}
