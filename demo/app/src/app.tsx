import { useEffect, useRef } from 'preact/hooks'
import type { AuthState } from 'tessera-auth'
import { NoticePanel } from './components/notice-panel.js'
import { SiteFooter } from './components/site-footer.js'
import { SiteHeader } from './components/site-header.js'
import { StandingWarnings } from './components/standing-warnings.js'
import { usePage } from './page-context.js'
import type { View } from './router.js'
import { useStore } from './use-store.js'
import { Accounts } from './views/accounts.js'
import { Activity } from './views/activity.js'
import { Landing } from './views/landing.js'
import { Lost } from './views/lost.js'
import { Overview } from './views/overview.js'
import { Password } from './views/password.js'

const TITLES: Readonly<Record<View, string>> = {
  overview: 'Overview',
  accounts: 'Bank accounts',
  activity: 'Activity',
  password: 'Password',
  lost: 'Page not found',
}

/** What needs no session. */
const OPEN: readonly View[] = ['lost', 'activity', 'password']

/** The whole page. */
export function App() {
  const page = usePage()
  const auth = useStore(page.client, page.auth)
  const state = useStore(auth, auth.state)
  const view = useStore(page.router.view, page.router.view.get())
  const notice = useStore(page.notice, page.notice.get())
  const announcement = useStore(page.announcement, page.announcement.get())
  useTitle(state, view)
  useHeadingFocus(state, view)
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <SiteHeader state={state} view={view} />
      <main id="main" tabIndex={-1}>
        <div class="container notices">
          <StandingWarnings state={state} />
          {notice && <NoticePanel notice={notice} />}
        </div>
        <CurrentView state={state} view={view} />
      </main>
      {state.status !== 'starting' && <SiteFooter />}
      <p class="unseen" role="status">
        {announcement}
      </p>
    </>
  )
}

function CurrentView({ state, view }: { readonly state: AuthState; readonly view: View }) {
  if (state.status === 'starting') return <Starting />
  if (view === 'lost') return <Lost />
  if (view === 'activity') return <Activity signedIn={state.status === 'signed-in'} />
  if (view === 'password') return <Password />
  if (state.status !== 'signed-in') return <Landing state={state} view={view} />
  if (view === 'accounts') return <Accounts />
  return <Overview state={state} />
}

/** Shown only if it takes long enough to be noticed: the style sheet fades it in late. */
function Starting() {
  return (
    <div class="container view starting" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>Looking for your session…</span>
    </div>
  )
}

function useTitle(state: AuthState, view: View): void {
  const isOpen = state.status === 'signed-in' || OPEN.includes(view)
  const place = isOpen ? TITLES[view] : 'Sign in'
  useEffect(() => {
    document.title = state.status === 'starting' ? 'Tax eFile' : `${place} · Tax eFile`
  }, [place, state.status])
}

/** Moves the focus to the heading when another view appears, but not when the page is opened. */
function useHeadingFocus(state: AuthState, view: View): void {
  const kind = state.status === 'signing-in' ? 'signed-out' : state.status
  const before = useRef('starting')
  useEffect(() => {
    const opened = before.current === 'starting'
    before.current = kind
    if (!opened) document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }, [kind, view])
}
