import { createAuth } from 'tessera-auth'

/** Signs in, and on the way back reports when a token was at hand. */
export async function run({ issuer, clientId, redirectUri }) {
  const auth = createAuth({
    issuer,
    clientId,
    redirectUri,
    scope: ['openid'],
    persistence: 'device',
  })
  const { returnTo } = await auth.start()
  if (returnTo === null) return auth.signIn({ returnTo: '/' })
  await auth.getAccessToken()
  return performance.now()
}
