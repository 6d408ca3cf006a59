/** Settles as the task does, or rejects with the signal's reason if it is aborted first. */
export function abortable<Result>(
  signal: AbortSignal | null | undefined,
  task: Promise<Result>,
): Promise<Result> {
  if (!signal) return task
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
