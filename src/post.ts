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
  return {
    navigate(url) {
      // Our parameters begin with the client id and come last; what is before is the endpoint's own.
      const at = Math.max(url.lastIndexOf('?client_id='), url.lastIndexOf('&client_id='))
      const form = document.createElement('form')
      form.method = 'post'
      form.action = url.slice(0, at)
      form.hidden = true
      // Otherwise the form would take its target from a <base>.
      form.target = '_self'
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
    },
  }
}
