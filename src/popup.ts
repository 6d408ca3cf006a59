import {
  assertOptions,
  isFunction,
  isSize,
  LONGEST_TIMER,
  type Rule,
  type Rules,
  TIME,
} from './client/assert-options.js'
import { assertPage } from './client/assert-page.js'
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
/** Otherwise the app itself opens in the popup and stays there, without a word. */
const NO_CALLBACK_PAGE =
  'If the app itself opened in there, the page at redirectUri does not call handOverCallback() of tessera-auth/callback, or a service worker answers in its place.'
/** Counted in looks at the popup, of which a hidden page makes fewer. */
const GRACE = 10
const SEEN = 4

/** Ends the sign-in in the previous popup: there is one at a time. */
let current: AbortController | undefined

/**
 * Opens a popup for a sign-in: `auth.signIn({ via: popup() })`. Call it in the handler of a click: at
 * other times browsers block it. The redirect URI has to be a page that calls `handOverCallback()` of
 * `tessera-auth/callback`.
 *
 * A provider's Cross-Origin-Opener-Policy makes an open popup look closed. So `popup_closed` comes about a
 * second after the popup looks closed, and only if something else confirms it:
 *
 * - it had not been sent to the provider yet;
 * - its blank page unloaded a second time;
 * - the user came back to this page at that moment;
 * - it had been at the provider, and this page has the focus.
 *
 * Otherwise the sign-in waits until `timeout`. A popup that was taken for closed by mistake can still
 * complete its sign-in; this page then hears of it as it would from another tab.
 *
 * Calling `popup()` again ends the sign-in in the previous popup.
 *
 * The sign-in rejects with `popup_blocked`, `popup_closed` or `timeout`, or with one of the codes that
 * `auth.signIn()` lists.
 *
 * @throws {AuthError} `config`
 */
export function popup(options: PopupOptions = {}): Via {
  // `via: popup` was passed instead of `via: popup()`, and is called with the prepared sign-in.
  const { then } = Object(options)
  if (isFunction(then)) return then.call(options, refuseUncalled)
  const { width = 480, height = 640, timeout = 5 * 60_000 } = assertOptions('popup', options, RULES)
  assertPage('popup')
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
  const opened = openWindow(features)
  current = controller
  // However the sign-in ends, and even if it never begins, the popup is closed.
  signal.addEventListener('abort', () => opened?.close(), { once: true })
  let isSent = false
  // If this page is left meanwhile, by a sign-out say, it must not leave an empty popup behind.
  addEventListener('pagehide', () => isSent || controller.abort(closed()), { signal })
  return async (prepared, closing) => {
    const end = (error: AuthError) => controller.abort(error)
    closing?.addEventListener('abort', () => end(closing.reason), { signal })
    const late = new AuthError('timeout', 'The sign-in took too long.', {
      retryable: true,
      hint: NO_CALLBACK_PAGE,
    })
    const timer = setTimeout(end, Math.min(timeout, LONGEST_TIMER), late)
    const watch =
      opened &&
      watchClosing(
        opened,
        () => isSent,
        () => end(closed()),
      )
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
      controller.abort(new AuthError('config', 'popup: call it anew for each sign-in.'))
      if (current === controller) current = undefined
    }
  }
}

/** Opens the window. Some blockers put a function in the place of `open` that throws, or gives no window. */
function openWindow(features: string): Window | null {
  try {
    const opened = open('about:blank', '', features)
    return isFunction(opened?.addEventListener) ? opened : null
  } catch {
    return null
  }
}

function refuseUncalled(): never {
  throw new AuthError('config', 'popup: call it, as in via: popup().')
}

/** Returns a promise that rejects when the signal is aborted. */
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

/** Watches the popup, and reports that the user has closed it. */
function watchClosing(opened: Window, isSent: () => boolean, report: () => void) {
  let unloads = 0
  let seen = 0
  let closedFor = 0
  /** For how many looks the user has been back at this page. */
  let backFor = Infinity
  let isBelieved = false
  const look = () => {
    const isHere = document.hasFocus()
    backFor = isHere ? backFor + 1 : 0
    if (!opened.closed) {
      seen += isElsewhere(opened) ? 1 : 0
      return
    }
    // While its tie to us is being cut, a popup may look for a moment as if it were at the provider.
    const isAsked = seen > SEEN || Math.abs(closedFor - backFor) <= GRACE
    isBelieved ||= !isSent() || unloads > 1 || (isHere && isAsked)
    closedFor += 1
    if (isBelieved && closedFor > GRACE) report()
  }
  const interval = setInterval(look, POLL)
  return {
    send(url: string) {
      // Once on the way to the provider; a second time only if the user closes the blank page.
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
