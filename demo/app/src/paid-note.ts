const NAME = 'tax-efile.paid'

/**
 * That the tax was paid from this browser, so that there is something to ask the bank about. Only
 * the bank says whether it is so.
 */
export const paidNote = {
  read(): boolean {
    try {
      return localStorage.getItem(NAME) !== null
    } catch {
      return false
    }
  },
  write(isPaid: boolean): void {
    try {
      if (isPaid) localStorage.setItem(NAME, 'yes')
      else localStorage.removeItem(NAME)
    } catch {
      // Blocked or full: the bank is asked before the next payment.
    }
  },
  /** Calls `listener` when another tab has written it. */
  watch(listener: () => void): void {
    addEventListener('storage', ({ key }) => key === NAME && listener())
  },
}
