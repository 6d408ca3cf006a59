import { readAccounts } from '../actions/read-accounts.js'
import { usePage } from '../page-context.js'
import { useStore } from '../use-store.js'
import { Button } from './button.js'

/** Calls the bank's API for the accounts. */
export function ReadAccountsButton() {
  const page = usePage()
  const { status } = useStore(page.accounts, page.accounts.get())
  return (
    <Button
      look={status === 'unread' ? 'main' : 'plain'}
      busy={status === 'reading'}
      onClick={() => void readAccounts(page)}
    >
      {status === 'read' ? 'Read again' : 'Read my accounts'}
    </Button>
  )
}
