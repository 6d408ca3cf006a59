/** Lets callers at the same time share one run of a task. */
export function share(task) {
  let running
  return () => {
    running ??= task().finally(() => {
      running = undefined
    })
    return running
  }
}
