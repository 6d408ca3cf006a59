import { AuthError } from 'tessera-auth'
import { Button } from '../components/button.js'
import { Logo } from '../components/logo.js'
import { explainError } from '../explain-error.js'
import { describeThrown } from '../notice.js'

/** Shown in place of everything else when the app cannot even begin. */
export function Unready({ thrown }: { readonly thrown: unknown }) {
  const { title, text } =
    thrown instanceof AuthError
      ? explainError(thrown, { tenant: 'the tenant', app: location.host, registered: null })
      : {
          title: 'Tax eFile could not load its settings',
          text: 'Its server does not answer. Check that “npm start” is still running, then reload the page.',
        }
  return (
    <main class="container view unready">
      <Logo />
      <h1 tabIndex={-1}>{title}</h1>
      <p role="alert">{text}</p>
      <div class="actions">
        <Button look="main" onClick={() => location.reload()}>
          Reload this page
        </Button>
      </div>
      <details>
        <summary>Technical details</summary>
        <p class="technical">{describeThrown(thrown)}</p>
      </details>
      <p class="soft">Tax eFile is a demo of tessera-auth. Nothing here is real.</p>
    </main>
  )
}
