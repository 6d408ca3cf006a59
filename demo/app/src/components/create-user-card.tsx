import { useState } from 'preact/hooks'
import type { Auth } from 'tessera-auth'
import { usePage } from '../page-context.js'
import { createUser } from '../password/create-user.js'
import { Button } from './button.js'
import { Form } from './form.js'
import { Icon } from './icon.js'
import { TextField } from './text-field.js'

/** Properties of {@link CreateUserCard}. */
export interface CreateUserCardProps {
  readonly auth: Auth
  readonly signedIn: boolean
}

/** Calls the API of the tenant itself, as the guide does. */
export function CreateUserCard({ auth, signedIn }: CreateUserCardProps) {
  const page = usePage()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [created, setCreated] = useState<{ name: string; id: string } | null>(null)
  async function submit() {
    setBusy(true)
    const id = await createUser(page, auth, { name, password })
    setBusy(false)
    setCreated(id === null ? null : { name, id })
    if (id === null) return
    setName('')
    setPassword('')
  }
  return (
    <section class="card" aria-labelledby="create-user-title">
      <h2 id="create-user-title">Create a user</h2>
      <p class="soft">
        With the token, at the tenant’s own API: <code>POST /cdirectoryservice/createuser</code>
      </p>
      <Form busy={busy} onSubmit={submit}>
        <TextField label="Name of the new user" value={name} onInput={setName} autoComplete="off" />
        <TextField
          label="Password of the new user"
          isSecret
          value={password}
          onInput={setPassword}
          autoComplete="new-password"
        />
        <div class="actions">
          <Button busy={busy}>Create the user</Button>
        </div>
      </Form>
      <p role="status" class="form-outcome">
        {created ? (
          <>
            <Icon name="ok" /> <strong>{created.name}</strong> can sign in at the tenant now. Its
            id: <code>{created.id}</code>
          </>
        ) : signedIn ? (
          'Nobody created yet.'
        ) : (
          'Get a token first.'
        )}
      </p>
    </section>
  )
}
