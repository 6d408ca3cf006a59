import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/**
 * What the tenant has found out and the provider's callbacks go by.
 *
 * @typedef {object} Asked
 * @property {boolean} consentWanted
 * @property {boolean} pkceRequired
 * @property {import('./users.mjs').TenantUser} user whose password has been checked
 */

/**
 * @typedef {object} ProviderRequest
 * @property {'GET' | 'POST'} method
 * @property {string} path path and query
 * @property {string} [cookie]
 * @property {URLSearchParams} [form]
 * @property {string} [proof] of the key that tokens shall be bound to (DPoP)
 * @property {Partial<Asked>} [asked]
 */

/**
 * @typedef {object} ProviderReply
 * @property {number} status
 * @property {string} location
 * @property {any} body
 * @property {any} oidc the context of oidc-provider, with the entities the request has made
 * @property {any} error why a token request failed, in more detail than the body says
 */

/**
 * What travels with a request to the provider and back.
 *
 * @type {WeakMap<IncomingMessage, { asked: Partial<Asked>, reply?: ProviderReply }>}
 */
const exchanges = new WeakMap()

/**
 * Asks the oidc-provider of an app and brings back what it says, without a byte on the wire: the
 * tenant decides what of it the browser gets to see.
 *
 * @param {import('oidc-provider').Provider} provider
 * @param {ProviderRequest} request
 * @returns {Promise<ProviderReply>}
 */
export async function askProvider(provider, { method, path, cookie, form, proof, asked = {} }) {
  const request = new IncomingMessage(new Socket())
  const body = form?.toString()
  request.method = method
  request.url = path
  request.headers = {
    host: new URL(provider.issuer).host,
    accept: 'application/json',
    ...(cookie !== undefined && { cookie }),
    ...(proof !== undefined && { dpop: proof }),
    ...(body !== undefined && {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    }),
  }
  if (body !== undefined) request.push(body)
  request.push(null)
  /** @type {{ asked: Partial<Asked>, reply?: ProviderReply }} */
  const exchange = { asked }
  exchanges.set(request, exchange)
  await provider.callback()(request, new ServerResponse(request))
  if (exchange.reply === undefined)
    throw new Error(`oidc-provider did not answer ${method} ${path}`)
  return exchange.reply
}

/**
 * What the tenant has found out about the request that a callback of the provider is about.
 *
 * @param {{ req: IncomingMessage }} ctx
 * @returns {Partial<Asked>}
 */
export function askedBy(ctx) {
  return exchanges.get(ctx.req)?.asked ?? {}
}

/**
 * Makes a provider leave its reply with the request instead of sending it.
 *
 * @param {import('oidc-provider').Provider} provider
 */
export function captureReplies(provider) {
  provider.use(async (ctx, next) => {
    await next()
    ctx.respond = false
    const exchange = exchanges.get(ctx.req)
    if (exchange === undefined) return
    exchange.reply = {
      status: ctx.status,
      location: ctx.response.get('Location'),
      body: ctx.body,
      oidc: ctx.oidc,
      error: ctx.state.error,
    }
  })
}
