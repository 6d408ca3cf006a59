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
const SEEN = 400

/** Ends the sign-in in the window before: one at a time. */
let current: AbortController | undefined

/**
 * Opens a window for a sign-in: `auth.signIn({ via: popup() })`. To be called in the user's gesture,
 * where browsers let windows be opened. The redirect URI has to be a page that calls
 * `handOverCallback()` of `tessera-auth/callback`.
 *
 * That the window is closed is only believed where nothing else explains it: a provider with
 * Cross-Origin-Opener-Policy makes it look closed at once. The sign-in of a window that was taken
 * for closed by mistake still completes there, and reaches this page like that of any other tab.
 * Calling `popup()` again ends the sign-in in the window before.
 *
 * It throws nothing itself. The sign-in rejects with `popup_blocked`, `popup_closed` or `timeout`,
 * or with one of the codes that `auth.signIn()` lists.
 */
export function popup(options: PopupOptions = {}): Via {
  const { width = 480, height = 640, timeout = 5 * 60_000 } = options
  const left = Math.max(0, screenX + (outerWidth - width) / 2)
  const top = Math.max(0, screenY + (outerHeight - height) / 2)
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  current?.abort(closed('Another window was opened for the sign-in.'))
  const controller = new AbortController()
  const { signal } = controller
  const opened = open('about:blank', '', features)
  current = controller
  // However it ends, and even where it never begins, the window goes.
  signal.addEventListener('abort', () => opened?.close(), { once: true })
  return async (prepared) => {
    const end = (error: AuthError) => controller.abort(error)
    const late = new AuthError('timeout', 'The sign-in took too long.', { retryable: true })
    const timer = setTimeout(end, timeout, late)
    let poll: ReturnType<typeof setInterval> | undefined
    try {
      const { url, state } = await prepared
      signal.throwIfAborted()
      if (!opened) {
        throw new AuthError(
          'popup_blocked',
          'The browser did not open the window for the sign-in.',
          {
            hint: 'Call popup() in the handler of a click, before any wait.',
          },
        )
      }
      if (opened.closed) throw closed()
      poll = watchClosing(opened, () => end(closed()))
      opened.location.replace(url)
      return await waitForCallback(state, signal)
    } finally {
      clearTimeout(timer)
      clearInterval(poll)
      controller.abort()
      if (current === controller) current = undefined
    }
  }
}

function closed(message = 'The window of the sign-in was closed.'): AuthError {
  return new AuthError('popup_closed', message, { retryable: true })
}

/** Reports that the user closed the window, where that is what happened. */
function watchClosing(opened: Window, report: () => void): ReturnType<typeof setInterval> {
  let awayFor = 0
  let closedFor = 0
  return setInterval(() => {
    // A window that was never seen at the provider has been cut off by the provider, not closed. On
    // its way to being cut off it may look as if it were there, for a moment.
    if (opened.closed) closedFor += awayFor > SEEN ? POLL : 0
    else if (isElsewhere(opened)) awayFor += POLL
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
