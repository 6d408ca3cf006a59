import { createAuth } from 'tessera-auth'

/** @type {import('../peers.mjs').Connect} */
export async function connect({ issuer, clientId, redirectUri, scope, api }) {
  const auth = createAuth({
    issuer,
    clientId,
    redirectUri,
    scope: scope.filter((name) => name !== 'api.read'),
    resources: [{ url: api, scope: ['api.read'] }],
  })
  await auth.start()
  return {
    user: () => auth.state.user?.sub,
    signIn: () => auth.signIn(),
    signOut: () => auth.signOut(),
    getToken: () => auth.getAccessToken(),
    fetch: auth.fetch,
  }
}
