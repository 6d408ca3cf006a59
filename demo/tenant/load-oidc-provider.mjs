/**
 * Imports oidc-provider without its notice about Node 20, on which it runs well: whoever starts the
 * demo can do nothing about it and would take it for a fault.
 *
 * @returns {Promise<typeof import('oidc-provider')>}
 */
export async function loadOidcProvider() {
  const { warn } = console
  console.warn = (...message) => {
    if (!String(message[0]).includes('Unsupported runtime')) warn(...message)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
