import { assertOptions, type Rules, TIME, YES_OR_NO } from './client/assert-options.js'
import { AuthError } from './errors.js'
import { HIDDEN_FRAME, waitForCallback } from './navigation/wait-for-callback.js'
import type { Capability } from './types/capabilities.js'

/** Options of {@link silentFrame}. */
export interface SilentFrameOptions {
  /** The longest that the provider may take, in milliseconds. Default, and at most, ten seconds. */
  readonly timeout?: number | undefined
  /**
   * Whether to send the ID token along (`id_token_hint`, OpenID Connect Core §3.1.2.1), for a
   * provider that answers `invalid_request` without. It then stands in the address of the frame and in
   * the provider's log. Default `false`.
   */
  readonly idTokenHint?: boolean | undefined
}

const RULES: Rules<SilentFrameOptions> = { timeout: TIME, idTokenHint: YES_OR_NO }

const LONGEST = 10_000

/**
 * Renews the session in a hidden frame (`prompt=none`) if there is no refresh token: a capability for
 * `createAuth({ capabilities: [silentFrame()] })`. The redirect URI has to be a page that calls
 * `handOverCallback()` of `tessera-auth/callback`, and the provider has to allow being framed.
 *
 * It works while the user is signed in at the provider and the browser lets the frame see that: a
 * provider on another site needs third-party cookies, which most browsers block. A frame that fails says
 * nothing about the session, which stays until its access token expires: `state.error` says why the frame
 * failed, and `renewal` is `'expiring'` if only the user can renew it, and `'expired'` at the end. There is
 * one frame at a time for each provider, over all tabs.
 *
 * @throws {AuthError} `config`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core §3.1.2.1}, `prompt`
 */
export function silentFrame(options: SilentFrameOptions = {}): Capability {
  const { timeout = LONGEST, idTokenHint } = assertOptions('silentFrame', options, RULES)
  return {
    idTokenHint,
    async silent(prepared, closing) {
      const { url, state } = await prepared
      // Frames do not load before the page is shown, which a reader may never do. A worker has no page.
      const page = globalThis.document as { prerendering?: unknown } | undefined
      if (!page || page.prerendering === true) {
        throw new AuthError('network', 'No page is shown here that could open a frame.', {
          retryable: true,
        })
      }
      // Only of a frame: any site can open a window under this name.
      if (window !== top && window.name === HIDDEN_FRAME) {
        throw new AuthError('interaction_required', 'A hidden frame opens no other.')
      }
      const controller = new AbortController()
      const close = () => controller.abort(closing?.reason)
      if (closing?.aborted) close()
      closing?.addEventListener('abort', close, { signal: controller.signal })
      const frame = document.createElement('iframe')
      frame.hidden = true
      frame.name = HIDDEN_FRAME
      frame.title = 'Sign-in'
      // Without allow-top-navigation, the provider cannot take this page away.
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')
      const timer = setTimeout(
        () =>
          controller.abort(
            new AuthError('timeout', 'The hidden frame did not come back in time.', {
              hint: 'Third-party cookies are blocked, a policy does not allow the frame (frame-src or Cross-Origin-Embedder-Policy of this page, frame-ancestors of the provider or of the page at redirectUri), or that page does not call handOverCallback() of tessera-auth/callback, or a service worker answers in its place.',
              retryable: true,
            }),
          ),
        Math.min(timeout, LONGEST),
      )
      try {
        // Not into the body, which may not exist yet, and which some apps replace.
        document.documentElement.append(frame)
        keepFocus(frame, controller.signal)
        // Not by `src`, whose address stays in the page's resource timeline. WebKit notes the first
        // address of a frame anyway, but not that of one whose document was written to.
        frame.contentDocument?.open()
        frame.contentDocument?.close()
        frame.contentWindow?.location.replace(url)
        return await waitForCallback(state, controller.signal)
      } finally {
        clearTimeout(timer)
        frame.remove()
        controller.abort()
      }
    },
  }
}

/**
 * Gives the focus back if a page in the frame takes it, as pages that ask for a password do in Chromium
 * and WebKit, hidden or not: what the user types would go there.
 */
function keepFocus(frame: HTMLIFrameElement, signal: AbortSignal): void {
  let last: EventTarget | undefined
  const note = (event: FocusEvent) => {
    if (event.target !== frame) last = event.composedPath()[0]
  }
  const giveBack = () => {
    if (document.activeElement !== frame) return
    window.focus()
    frame.blur()
    ;(last as HTMLElement | undefined)?.focus?.({ preventScroll: true })
  }
  addEventListener('focusout', note, { signal, capture: true })
  // Only after the event has the frame got it.
  addEventListener('blur', () => void setTimeout(giveBack), { signal })
}
