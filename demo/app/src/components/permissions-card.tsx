import { describeScope, MAKE_PAYMENTS, READ_ACCOUNTS } from '../scopes.js'
import { Icon } from './icon.js'

const WORTH_KNOWING = [READ_ACCOUNTS, MAKE_PAYMENTS]

/** What the user has allowed, in words and by its technical name. */
export function PermissionsCard({ scope }: { readonly scope: readonly string[] }) {
  const missing = WORTH_KNOWING.filter((name) => !scope.includes(name))
  return (
    <section class="card" aria-labelledby="permissions-title">
      <h2 id="permissions-title">What Tax eFile may do</h2>
      <ul class="permissions" aria-label="Allowed">
        {scope.map((name) => (
          <Permission key={name} name={name} allowed />
        ))}
      </ul>
      {missing.length > 0 && (
        <ul class="permissions" aria-label="Not allowed">
          {missing.map((name) => (
            <Permission key={name} name={name} allowed={false} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Permission({ name, allowed }: { readonly name: string; readonly allowed: boolean }) {
  return (
    <li class={allowed ? 'permission' : 'permission permission-missing'}>
      <Icon name={allowed ? 'ok' : 'stop'} />
      <span class="permission-text">
        {describeScope(name)}
        <code>{name}</code>
      </span>
      {!allowed && <span class="tag">Not allowed</span>}
    </li>
  )
}
