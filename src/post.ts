import type { Capability } from './types/capabilities.js'

/**
 * Sends authorization requests as a form (OpenID Connect Core §3.1.2.1), for providers that want
 * that and for requests that are too long for an address: a capability for
 * `createAuth({ capabilities: [postedAuthorization()] })`. It is for redirects; a window of `popup()`
 * and a hidden frame go by address.
 *
 * Browsers send no `SameSite=Lax` cookie along with a form from another site: a provider that has no
 * other takes the user for a new one, and asks for the password again.
 */
export function postedAuthorization(): Capability {
  return {
    navigate(url) {
      // Ours begin with the client id; what stands before is the endpoint's own.
      const at = url.search(/[?&]client_id=/)
      const form = document.createElement('form')
      form.method = 'post'
      form.action = url.slice(0, at)
      form.hidden = true
      // Otherwise the target of a <base> would be its own.
      form.target = '_self'
      const inputs = [...new URLSearchParams(url.slice(at + 1))].map(([name, value]) => {
        const input = document.createElement('input')
        return Object.assign(input, { type: 'hidden', name, value })
      })
      form.append(...inputs)
      // A page may have no body.
      document.documentElement.append(form)
      // A parameter may be called `submit`, and then hides the method of the form.
      HTMLFormElement.prototype.submit.call(form)
      Element.prototype.remove.call(form)
    },
  }
}
