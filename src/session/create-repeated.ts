/** A task that is asked for often. */
export interface Repeated<Result> {
  /** Runs it, after the run that is under way: that one may not have seen what is to be seen now. */
  readonly run: () => Promise<Result>
  /** The run that was asked for last, as long as it lasts. */
  readonly running: () => Promise<Result> | undefined
}

/** Runs a task one at a time. However many ask while it runs, it runs once more, for all of them. */
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
      if (!current) return start()
      next ??= current.then(start, start)
      return next
    },
    running: () => next ?? current,
  }
}
