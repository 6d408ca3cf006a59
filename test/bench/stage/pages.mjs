// @ts-check

/**
 * What an app is told about itself and its provider.
 *
 * @typedef {object} Settings
 * @property {string} issuer
 * @property {string} clientId
 * @property {string} home The address of the app, where it may come back to.
 * @property {string} redirectUri A path of its own to come back to.
 * @property {string[]} scope
 * @property {string} api
 */

/** Where the app is: nothing is to run there. */
export const PARKED_PAGE = '<!doctype html><title>parked</title>'

export const EMPTY_PAGE = '<!doctype html><title>empty</title>'

/** What keycloak-js wants to be there for its frame. */
export const SILENT_PAGE = '<script>parent.postMessage(location.href, location.origin)</script>'

/** Lets a page switch its network off. */
const STUBS = `<script>
  const native = fetch
  isStubbed = false
  fetch = (...given) => (isStubbed ? Promise.resolve(new Response(null)) : native(...given))
</script>`

/**
 * @param {string} name
 * @param {Settings} settings
 * @param {boolean} isStubbable
 */
export function appPage(name, settings, isStubbable) {
  return `<!doctype html><title>${name}</title>
    <script>settings = ${JSON.stringify(settings)}</script>
    ${isStubbable ? STUBS : ''}
    <script type="module" src="/${name}/app.js"></script>`
}
