/** An app's own claims, from `createAuth` to wherever the user is shown. Compiled and never run. */
import { type Auth, createAuth, type SignedInState, type UserClaims } from 'tessera-auth'
import { handOverCallback } from 'tessera-auth/callback'
import { signInWithPassword } from 'tessera-auth/password'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const hold = <_T extends true>(): void => {}

interface Claims {
  readonly sub: string
  readonly unique_name: string
  readonly roles: readonly ('clerk' | 'auditor')[]
}
const options = { issuer: 'https://idp.example/', clientId: 'client', redirectUri: '/callback' }

const auth = createAuth<Claims>(options)
hold<Equal<typeof auth, Auth<Claims>>>()
const session = await auth.requireSession()
hold<Equal<typeof session, SignedInState<Claims>>>()
hold<Equal<typeof session.user, Claims | null>>()
if (auth.state.status === 'signed-in') {
  hold<Equal<typeof auth.state.user, Claims | null>>()
  // @ts-expect-error Without `openid` there is no user.
  auth.state.user.sub
  // @ts-expect-error No claim of this app.
  auth.state.user?.role
  // @ts-expect-error No role of this app.
  auth.state.user?.roles.includes('admin')
}
auth.subscribe((state) => {
  if (state.status === 'signed-in') hold<Equal<typeof state.user, Claims | null>>()
})
await handOverCallback(auth)
await signInWithPassword(auth, { username: 'monika.a', password: 'secret' })

const plain = createAuth(options)
hold<Equal<typeof plain, Auth<UserClaims>>>()
const { user } = await plain.requireSession()
hold<Equal<typeof user, UserClaims | null>>()
// What nobody has declared is unknown, and not any.
const name = user?.unique_name
hold<Equal<typeof name, unknown>>()
// @ts-expect-error A claim that may be anything is no string before somebody has looked.
name?.toUpperCase()
// @ts-expect-error A client of other claims is another client.
const other: Auth<Claims> = plain
void other
