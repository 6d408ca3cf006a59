/**
 * A handful of records under names. All changes of one call happen together or not at all, and in
 * an order that every tab agrees on.
 */
export interface Records {
  /**
   * Runs `change` on all records, and keeps what it changed in them. The promise settles when the
   * changes are durable.
   */
  readonly transact: <Result>(change: (records: Map<string, unknown>) => Result) => Promise<Result>
}

/** Records that live as long as the page does. */
export function createMemoryRecords(): Records {
  const records = new Map<string, unknown>()
  return { transact: async (change) => change(records) }
}
