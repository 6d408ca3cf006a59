// @ts-check

/**
 * The settings of `oidc-provider` with which every access token is a JWT for one API.
 *
 * @param {string} api
 * @param {() => number} lifetime How long it lives, in seconds.
 */
export function oneResource(api, lifetime) {
  return {
    enabled: true,
    defaultResource: () => api,
    useGrantedResource: () => true,
    getResourceServerInfo: () => ({
      scope: 'api.read',
      audience: api,
      accessTokenFormat: /** @type {const} */ ('jwt'),
      accessTokenTTL: lifetime(),
    }),
  }
}
