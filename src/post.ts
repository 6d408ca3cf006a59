import type { Capability } from './types/capabilities.js'

/**
 * Sends authorization requests as a form (OpenID Connect Core §3.1.2.1), for providers that want
 * this and for requests that are too long for an address: a capability for
 * `createAuth({ capabilities: [postedAuthorization()] })`. Only redirects use the form; the window
 * of `popup()` and the hidden frame of `silentFrame()` use an address.
 *
 * Browsers send no `SameSite=Lax` cookie with a form from another site. A provider that has no
 * other cookie treats the user as a new one, and asks for the password again.
 */
export function postedAuthorization(): Capability {
  return { navigate: (url) => submit(url, 'client_id') }
}

/**
 * Sends `auth.signOut()` to the provider as a form (OpenID Connect RP-Initiated Logout 1.0 §2): a
 * capability for `createAuth({ capabilities: [postedSignOut()] })`. The ID token that says who signs out
 * then stays out of the address, and so out of histories and of the logs of servers.
 *
 * Browsers send no `SameSite=Lax` cookie with a form from another site. A provider that has no
 * other cookie does not know the session, and may leave it: try it with yours.
 */
export function postedSignOut(): Capability {
  return { leave: (url) => submit(url, 'id_token_hint') }
}

/** Sends the parameters from `first` on as a form. What is before them is the endpoint's own. */
function submit(url: string, first: string): void {
  const at = Math.max(url.lastIndexOf(`?${first}=`), url.lastIndexOf(`&${first}=`))
  const form = document.createElement('form')
  form.method = 'post'
  form.action = url.slice(0, at)
  form.hidden = true
  // Otherwise the form would take its target from a <base>.
  form.target = '_self'
  // Otherwise the form would be in the encoding of the page.
  form.acceptCharset = 'utf-8'
  const inputs = [...new URLSearchParams(url.slice(at + 1))].map(([name, value]) => {
    const input = document.createElement('input')
    return Object.assign(input, { type: 'hidden', name, value })
  })
  form.append(...inputs)
  // A page may have no body.
  document.documentElement.append(form)
  // A parameter named `submit` or `remove` would hide the method of the form.
  HTMLFormElement.prototype.submit.call(form)
  Element.prototype.remove.call(form)
}
