import { AuthError } from './errors.js'
import { waitForCallback } from './navigation/wait-for-callback.js'
import type { Via } from './types/capabilities.js'

/** Options of {@link popup}. */
export interface PopupOptions {
  /** Width of the window in CSS pixels. Default 480. */
  readonly width?: number
  /** Height of the window in CSS pixels. Default 640. */
  readonly height?: number
  /** The longest that the user may take, in milliseconds. Default five minutes. */
  readonly timeout?: number
}

const POLL = 100
const GRACE = 1_000

/** Ends the waiting for the window before: one sign-in at a time. */
let giveUp: (() => void) | undefined

/**
 * Opens a window for a sign-in: `auth.signIn({ via: popup() })`. To be called in the user's gesture,
 * where browsers let windows be opened. The redirect URI has to be a page that calls
 * `handOverCallback()` of `tessera-auth/callback`.
 *
 * That the window is closed is only believed where nothing else explains it: a provider with
 * Cross-Origin-Opener-Policy makes it look closed at once. The sign-in of a window that was taken
 * for closed by mistake still completes there, and reaches this page like that of any other tab.
 *
 * It throws nothing itself. The sign-in rejects with `popup_blocked`, `popup_closed` or `timeout`,
 * and as any other.
 */
export function popup(options: PopupOptions = {}): Via {
  const { width = 480, height = 640, timeout = 5 * 60_000 } = options
  const left = Math.max(0, screenX + (outerWidth - width) / 2)
  const top = Math.max(0, screenY + (outerHeight - height) / 2)
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  giveUp?.()
  const opened = open('about:blank', '', features)
  return async (url, state) => {
    if (!opened) {
      throw new AuthError('popup_blocked', 'The browser did not open the window for the sign-in.', {
        hint: 'Call popup() in the handler of a click, before any wait.',
      })
    }
    const controller = new AbortController()
    const end = (code: 'popup_closed' | 'timeout', message: string) =>
      controller.abort(new AuthError(code, message, { retryable: true }))
    giveUp = () => end('popup_closed', 'Another window was opened for the sign-in.')
    const timer = setTimeout(() => end('timeout', 'The sign-in took too long.'), timeout)
    const poll = watchClosing(opened, () =>
      end('popup_closed', 'The window of the sign-in was closed.'),
    )
    try {
      opened.location.replace(url)
      return await waitForCallback(state, controller.signal)
    } finally {
      clearTimeout(timer)
      clearInterval(poll)
      giveUp = undefined
      opened.close()
    }
  }
}

/** Reports that the user closed the window, where that is what happened. */
function watchClosing(opened: Window, report: () => void): ReturnType<typeof setInterval> {
  let seenAway = false
  let closedFor = 0
  return setInterval(() => {
    // A window that was never seen at the provider has been cut off by the provider, not closed.
    if (opened.closed) closedFor += seenAway ? POLL : 0
    else seenAway ||= isElsewhere(opened)
    if (closedFor > GRACE) report()
  }, POLL)
}

function isElsewhere(opened: Window): boolean {
  try {
    return opened.location.href === undefined
  } catch {
    return true
  }
}
