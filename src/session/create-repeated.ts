/** A task that many ask for. */
export interface Repeated<Result> {
  /** Runs it, after the run under way, if any: that one may have begun too early to see the change. */
  readonly run: () => Promise<Result>
  /** The last run that was asked for, until it ends. */
  readonly running: () => Promise<Result> | undefined
}

/** Runs a task one at a time. If any number of callers ask while it runs, it runs once more for all. */
export function createRepeated<Result>(task: () => Promise<Result>): Repeated<Result> {
  let current: Promise<Result> | undefined
  let next: Promise<Result> | undefined
  const start = (): Promise<Result> => {
    next = undefined
    current = task().finally(() => {
      current = undefined
    })
    return current
  }
  return {
    run() {
      // Between two runs there is none under way, and the next one is about to begin.
      next ??= current?.then(start, start)
      return next ?? start()
    },
    running: () => next ?? current,
  }
}
