import { useState } from 'preact/hooks'
import type { Auth, AuthState } from 'tessera-auth'
import { signInWithPassword } from 'tessera-auth/password'
import type { PasswordApplication } from '../config.js'
import { formatClock } from '../format.js'
import { nameThrown, noticeFrom } from '../notice.js'
import { usePage } from '../page-context.js'
import { explainPasswordError } from '../password/explain-password-error.js'
import { Button } from './button.js'
import { Form } from './form.js'
import { TextField } from './text-field.js'

type Dialect = 'form' | 'json'

/** Properties of {@link PasswordCard}. */
export interface PasswordCardProps {
  readonly auth: Auth
  readonly application: PasswordApplication
  readonly state: AuthState
}

/** Asks for a name and a password, and gets a token for them. */
export function PasswordCard({ auth, application, state }: PasswordCardProps) {
  const { place } = usePage()
  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">Your password, in our hands</h2>
      <dl class="facts">
        <dt>Tenant</dt>
        <dd>{place.tenant}</dd>
        <dt>Application</dt>
        <dd>
          <code>{application.application}</code>, client <code>{application.clientId}</code>
        </dd>
        <dt>Secret</dt>
        <dd>
          <code>{application.clientSecret}</code>
        </dd>
        <dt>Token</dt>
        <dd data-testid="password-token">{describeToken(state)}</dd>
      </dl>
      <p class="soft">
        The secret came with <code>/config.json</code>, where anybody can read it: it proves
        nothing. Try <code>{application.user.username}</code> with{' '}
        <code>{application.user.password}</code>.
      </p>
      <PasswordForm auth={auth} secret={application.clientSecret} />
    </section>
  )
}

function describeToken(state: AuthState): string {
  if (state.status !== 'signed-in') return 'None yet'
  const { expiresAt, scope } = state
  return `${scope.join(' ')}${expiresAt ? `, until ${formatClock(expiresAt)}` : ''}`
}

function PasswordForm({ auth, secret }: { readonly auth: Auth; readonly secret: string }) {
  const page = usePage()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [dialect, setDialect] = useState<Dialect>('form')
  const [busy, setBusy] = useState(false)
  async function submit() {
    const { notice, timeline, announcement, place } = page
    notice.set(null)
    setBusy(true)
    try {
      await signInWithPassword(auth, { username, password, clientSecret: secret, dialect })
      setPassword('')
      const detail = 'The token endpoint gave a token, and no ID token'
      timeline.add({
        kind: 'check',
        tone: 'good',
        title: 'Exchanged a password for a token',
        detail,
      })
      announcement.set('Signed in with a password')
    } catch (thrown) {
      const title = 'No token for this password'
      timeline.add({ kind: 'check', tone: 'bad', title, detail: nameThrown(thrown) })
      const explanation = explainPasswordError(thrown, place)
      notice.set({ ...noticeFrom(thrown, place), ...explanation, remedy: 'none' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form busy={busy} onSubmit={submit}>
      <TextField label="User name" value={username} onInput={setUsername} autoComplete="username" />
      <TextField
        label="Password"
        isSecret
        value={password}
        onInput={setPassword}
        autoComplete="current-password"
      />
      <label class="field">
        <span>Body of the request: as RFC 6749 or the guide has it</span>
        <select
          value={dialect}
          onChange={(event) => setDialect(event.currentTarget.value as Dialect)}
        >
          <option value="form">Form with username</option>
          <option value="json">JSON with user_name</option>
        </select>
      </label>
      <div class="actions">
        <Button look="main" busy={busy}>
          Get a token
        </Button>
      </div>
    </Form>
  )
}
