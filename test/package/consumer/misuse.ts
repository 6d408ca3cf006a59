/** What must not compile. Never run. */
import {
  AuthError,
  type AuthErrorCode,
  type AuthState,
  createAuth,
  type SignedOutReason,
} from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { dpop } from 'tessera-auth/dpop'
import { pushedAuthorization } from 'tessera-auth/par'
import { signInWithPassword } from 'tessera-auth/password'
import { popup } from 'tessera-auth/popup'
import { silentFrame } from 'tessera-auth/silent'

const sound = { issuer: 'https://idp.example/', clientId: 'client', redirectUri: '/callback' }
const auth = createAuth({
  ...sound,
  capabilities: [dpop(), silentFrame({ timeout: 5_000 }), pushedAuthorization()],
})

// Options.
// @ts-expect-error Scopes are a list.
createAuth({ ...sound, scope: 'openid profile' })
// @ts-expect-error There is no such place.
createAuth({ ...sound, persistence: 'local' })
// @ts-expect-error A resource is more than its address.
createAuth({ ...sound, resources: ['https://api.example/'] })
// @ts-expect-error Without an address it is none.
createAuth({ ...sound, resources: [{ scope: ['read'] }] })
// @ts-expect-error Redirects are followed or are an error.
createAuth({ ...sound, resources: [{ url: 'https://api.example/', redirect: 'manual' }] })
// @ts-expect-error A way to sign in is no capability.
createAuth({ ...sound, capabilities: [popup()] })
// @ts-expect-error A capability is a value, made by calling.
createAuth({ ...sound, capabilities: [dpop] })
// @ts-expect-error The clock is nobody's to set.
createAuth({ ...sound, clockTolerance: 60 })
// @ts-expect-error What may be left out is not null.
createAuth({ ...sound, timeout: null })
// @ts-expect-error An app has an application id.
cyberArkIdentity({ tenant: 'abc1234' })

// Requests.
// @ts-expect-error Languages are a list.
void auth.signIn({ uiLocales: 'de' })
// @ts-expect-error No prompt of OpenID Connect.
void auth.signIn({ prompt: 'create' })
// @ts-expect-error Seconds are a number.
void auth.signIn({ maxAge: '60' })
// @ts-expect-error A capability is no way to sign in.
void auth.signIn({ via: silentFrame() })
// @ts-expect-error Which session is ended is said by `local`.
void auth.signOut({ everywhere: true })
// @ts-expect-error A token is wanted for a URL.
void auth.getAccessToken({ resource: 'https://api.example/' })
// @ts-expect-error Headers are made for a URL.
void auth.authorize({ method: 'POST' })
// @ts-expect-error A password has to be given.
void signInWithPassword(auth, { username: 'monika.a' })

// State.
// @ts-expect-error Nobody is known before the state says so.
void auth.state.user
// @ts-expect-error The state is not the app's to set.
auth.state = { status: 'starting' }
// @ts-expect-error No state of that name.
if (auth.state.status === 'authenticated') void 0
function look(state: AuthState): string {
  switch (state.status) {
    case 'starting':
      // @ts-expect-error Nothing is known yet.
      return state.reason
    case 'signing-in':
      // @ts-expect-error Nothing is known yet.
      return state.error
    case 'signed-out': {
      const reason: SignedOutReason = state.reason
      // @ts-expect-error Nobody is signed in.
      return reason + state.user
    }
    case 'signed-in':
      // @ts-expect-error There are no tokens in the state.
      void state.accessToken
      // @ts-expect-error It cannot be changed.
      state.scope.push('more')
      // @ts-expect-error No such reason: somebody is signed in.
      return state.reason
  }
}
void look

// Errors.
function answer(error: AuthError): string {
  // @ts-expect-error An unknown code.
  if (error.code === 'login_required') return ''
  // @ts-expect-error A code is not to be changed.
  error.code = 'network'
  // @ts-expect-error What an API asks for is there for one code only.
  void error.request.scope
  const words: Partial<Record<AuthErrorCode, string>> = {
    network: 'Offline',
    // @ts-expect-error An unknown code.
    offline: 'Offline',
  }
  return words[error.code] ?? ''
}
void answer
// @ts-expect-error An unknown code.
void new AuthError('unknown', 'What?')
