import {
  assertOptions,
  isFunction,
  isSize,
  type Rule,
  type Rules,
  TIME,
} from './client/assert-options.js'
import { AuthError } from './errors.js'
import { waitForCallback } from './navigation/wait-for-callback.js'
import type { Via } from './types/capabilities.js'

/** Options of {@link popup}. */
export interface PopupOptions {
  /** Width of the window in CSS pixels. Default 480. */
  readonly width?: number | undefined
  /** Height of the window in CSS pixels. Default 640. */
  readonly height?: number | undefined
  /** The longest that the user may take, in milliseconds. Default five minutes. */
  readonly timeout?: number | undefined
}

const PIXELS: Rule = [isSize, 'a number of pixels']
const RULES: Rules<PopupOptions> = { width: PIXELS, height: PIXELS, timeout: TIME }

const POLL = 100
/** The app at the redirect URI would stay in the window, and say nothing of why. */
const NO_CALLBACK_PAGE =
  'If the app itself opened in there, the page at redirectUri does not call handOverCallback() of tessera-auth/callback.'
/** What a timer can wait; with more it does not wait at all. */
const LONGEST = 2 ** 31 - 1
/** What follows counts looks at the window: a hidden page looks less often. */
const GRACE = 10
const SEEN = 4

/** Ends the sign-in in the window before: one at a time. */
let current: AbortController | undefined

/**
 * Opens a window for a sign-in: `auth.signIn({ via: popup() })`. To be called in the user's gesture,
 * where browsers let windows be opened. The redirect URI has to be a page that calls
 * `handOverCallback()` of `tessera-auth/callback`.
 *
 * A provider with Cross-Origin-Opener-Policy makes its window look closed while it is open. A closed
 * window is believed in, after a second, where more speaks for it: it was not sent to the provider
 * yet; its blank page was told to unload once more than we did; the user came back to this page at
 * that moment; or it was at the provider, and this page has the focus. A window that was cut off, and
 * that the user closes then, is waited for until `timeout`. One that was taken for closed by mistake
 * still completes its sign-in, which reaches this page like that of any other tab.
 *
 * Calling `popup()` again ends the sign-in in the window before.
 *
 * The sign-in rejects with `popup_blocked`, `popup_closed` or `timeout`, or with one of the codes that
 * `auth.signIn()` lists.
 *
 * @throws {AuthError} `config`
 */
export function popup(options: PopupOptions = {}): Via {
  // It was handed over instead of called, and is asked for what it would have made.
  const { then } = Object(options)
  if (isFunction(then)) return then.call(options, refuseUncalled)
  const { width = 480, height = 640, timeout = 5 * 60_000 } = assertOptions('popup', options, RULES)
  const left = Math.max(0, screenX + (outerWidth - width) / 2)
  const top = Math.max(0, screenY + (outerHeight - height) / 2)
  const features = `popup,width=${width},height=${height},left=${left},top=${top}`
  current?.abort(
    new AuthError('popup_closed', 'Another window was opened for the sign-in.', {
      retryable: true,
    }),
  )
  const controller = new AbortController()
  const { signal } = controller
  const opened = open('about:blank', '', features)
  current = controller
  // However it ends, and even where it never begins, the window goes.
  signal.addEventListener('abort', () => opened?.close(), { once: true })
  let isSent = false
  // A page that goes meanwhile, as after a sign-out, would leave an empty window behind.
  addEventListener('pagehide', () => isSent || controller.abort(closed()), { signal })
  return async (prepared, closing) => {
    const end = (error: AuthError) => controller.abort(error)
    closing?.addEventListener('abort', () => end(closing.reason), { signal })
    const late = new AuthError('timeout', 'The sign-in took too long.', {
      retryable: true,
      hint: NO_CALLBACK_PAGE,
    })
    const timer = setTimeout(end, Math.min(timeout, LONGEST), late)
    const watch = opened && watchClosing(opened, () => end(closed()))
    try {
      const { url, state } = await Promise.race([prepared, abortOf(signal)])
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
      isSent = true
      watch?.send(url)
      return await waitForCallback(state, signal)
    } finally {
      clearTimeout(timer)
      watch?.end()
      controller.abort()
      if (current === controller) current = undefined
    }
  }
}

function refuseUncalled(): never {
  throw new AuthError('config', 'popup: call it, as in via: popup().')
}

/** Rejects when the signal is aborted from now on. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function closed(): AuthError {
  return new AuthError('popup_closed', 'The window of the sign-in was closed.', {
    retryable: true,
    hint: NO_CALLBACK_PAGE,
  })
}

/** Reports that the user closed the window, where that is what happened. */
function watchClosing(opened: Window, report: () => void) {
  let isSent = false
  let unloads = 0
  let seen = 0
  let closedFor = 0
  /** For how long the user has been at this page again. */
  let backFor = Infinity
  let isBelieved = false
  const look = () => {
    const isHere = document.hasFocus()
    backFor = isHere ? backFor + 1 : 0
    if (!opened.closed) {
      seen += isElsewhere(opened) ? 1 : 0
      return
    }
    // On its way to being cut off a window may look as if it were at the provider, for a moment.
    const isAsked = seen > SEEN || Math.abs(closedFor - backFor) <= GRACE
    isBelieved ||= !isSent || unloads > 1 || (isHere && isAsked)
    closedFor += 1
    if (isBelieved && closedFor > GRACE) report()
  }
  const interval = setInterval(look, POLL)
  return {
    send(url: string) {
      isSent = true
      // Once for the way to the provider; once more only where the user closes the blank page.
      opened.addEventListener('beforeunload', () => {
        unloads += 1
      })
      opened.location.replace(url)
    },
    end: () => clearInterval(interval),
  }
}

function isElsewhere(opened: Window): boolean {
  try {
    return opened.location.href === undefined
  } catch {
    return true
  }
}
