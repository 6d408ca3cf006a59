import { allowPayment } from '../actions/pay-tax.js'
import { signIn } from '../actions/sign-in.js'
import type { Remedy } from '../explain-error.js'
import type { Notice } from '../notice.js'
import type { Page } from '../page.js'
import { usePage } from '../page-context.js'
import { Button } from './button.js'
import { Icon } from './icon.js'

const LABELS: Readonly<Record<Exclude<Remedy, 'none'>, string>> = {
  'sign-in': 'Sign in again',
  'switch-user': 'Sign in as somebody else',
  retry: 'Try again',
  redirect: 'Sign in on this page',
  reload: 'Reload this page',
  allow: 'Allow payments',
}

/** What just went wrong, or well, and what can be done about it. */
export function NoticePanel({ notice }: { readonly notice: Notice }) {
  const page = usePage()
  const run = findRemedy(page, notice)
  return (
    <div class={`notice notice-${notice.tone}`} role={notice.tone === 'good' ? 'status' : 'alert'}>
      <Icon name={notice.tone === 'good' ? 'ok' : 'alert'} />
      <div class="notice-body">
        <p class="notice-title">{notice.title}</p>
        <p>{notice.text}</p>
        <div class="actions">
          {run && notice.remedy !== 'none' && (
            <Button look="main" onClick={run}>
              {LABELS[notice.remedy]}
            </Button>
          )}
          <Button onClick={() => dismiss(page)}>Dismiss</Button>
        </div>
        {notice.detail && (
          <details>
            <summary>Technical details</summary>
            <p class="technical">{notice.detail}</p>
          </details>
        )}
      </div>
    </div>
  )
}

function findRemedy(page: Page, { remedy, retry, request }: Notice): (() => void) | undefined {
  switch (remedy) {
    case 'sign-in':
      return () => void signIn(page, request)
    case 'switch-user':
      return () => void signIn(page, { ...request, prompt: 'login' })
    case 'retry':
      return retry
    case 'redirect':
      return () => void signIn(page, request, 'redirect')
    case 'reload':
      return () => location.reload()
    case 'allow':
      return () => void allowPayment(page)
    case 'none':
      return undefined
  }
}

function dismiss({ notice }: Page): void {
  notice.set(null)
  document.querySelector<HTMLElement>('h1')?.focus()
}
