/** An app as strict as can be, for types.test.ts. It is compiled and never run. */
import { type Auth, AuthError, type AuthErrorCode, type AuthState, createAuth } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { signInWithPassword } from 'tessera-auth/password'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'
import { waitForUser } from 'tessera-auth/wait'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const hold = <_T extends true>(): void => {}

const auth = createAuth({
  ...cyberArkIdentity({ tenant: 'abc1234.id.cyberark.cloud', application: 'taxefile' }),
  clientId: 'client',
  redirectUri: '/callback',
  scope: ['openid', 'profile'],
  resources: [{ url: 'https://bank.example/api/', scope: ['accounts.read'] }],
})

hold<Equal<typeof auth.fetch, typeof fetch>>()
hold<Equal<ReturnType<typeof auth.getAccessToken>, Promise<string>>>()
hold<Equal<AuthState['status'], 'starting' | 'signed-out' | 'signing-in' | 'signed-in'>>()

interface Claims {
  readonly sub: string
  readonly unique_name: string
}
const typed: Auth<Claims> = createAuth<Claims>({
  issuer: 'https://idp.example/',
  clientId: 'client',
  redirectUri: '/callback',
})
const leave: () => void = typed.subscribe((state) => {
  if (state.status === 'signed-in') hold<Equal<typeof state.user, Claims | null>>()
  // @ts-expect-error Nobody is known before the state says so.
  state.user
})
leave()

try {
  await typed.signIn({ scope: ['payments.write'], returnTo: '/' })
} catch (error) {
  if (error instanceof AuthError) hold<Equal<typeof error.code, AuthErrorCode>>()
}

/** What a strict app has of something that may not be there: it is passed on as it is. */
declare const perhaps: { text?: string; time?: number; scope?: string[]; signal?: AbortSignal }
createAuth({
  ...{ issuer: perhaps.text, metadata: perhaps.text, postLogoutRedirectUri: perhaps.text },
  ...{ clientId: 'client', redirectUri: '/', scope: perhaps.scope, timeout: perhaps.time },
  resources: [{ url: 'https://bank.example/', scope: perhaps.scope, resource: perhaps.text }],
  capabilities: [silentFrame({ timeout: perhaps.time }), waitForUser({ timeout: perhaps.time })],
})
const via = popup({ width: perhaps.time, height: perhaps.time, timeout: perhaps.time })
await typed.signIn({ loginHint: perhaps.text, maxAge: perhaps.time, scope: perhaps.scope, via })
await typed.signIn({ url: perhaps.text, returnTo: perhaps.text, challenge: perhaps.text })
await typed.getAccessToken({ url: perhaps.text, signal: perhaps.signal })
await signInWithPassword(typed, { username: 'u', password: 'p', clientSecret: perhaps.text })

// @ts-expect-error An option that does not exist.
createAuth({ issuer: 'https://idp.example/', clientId: 'c', redirectUri: '/', clientSecret: 's' })
// @ts-expect-error A required option is missing.
createAuth({ issuer: 'https://idp.example/', redirectUri: '/' })
