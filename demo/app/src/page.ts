import type { Auth } from 'tessera-auth'
import type { PendingPayment } from './actions/pending-payment.js'
import type { Account, Receipt } from './bank/account.js'
import { type DemoConfig, nameHost } from './config.js'
import { createClient } from './create-client.js'
import type { Place } from './explain-error.js'
import type { Notice } from './notice.js'
import { createRouter, type Router } from './router.js'
import { createStore, type Store } from './store.js'
import { createTimeline, type NewEvent, type Timeline } from './timeline/create-timeline.js'
import { openSessionNotes } from './timeline/session-notes.js'
import { readWays } from './ways/keep-ways.js'
import type { Ways } from './ways/ways.js'

/** The accounts, as far as they were read. */
export type AccountsState =
  | { readonly status: 'unread' }
  | { readonly status: 'reading'; readonly accounts: readonly Account[] | null }
  | { readonly status: 'read'; readonly accounts: readonly Account[] }

/** The payment of the tax. */
export type PaymentState =
  | { readonly status: 'due' }
  | { readonly status: 'paying' }
  /** The bank wants a permission that the user has not been asked for. */
  | ({ readonly status: 'refused' } & PendingPayment)
  /** The user was asked for it, and said no. */
  | ({ readonly status: 'denied' } & PendingPayment)
  /** `from` is the name of the account, where that is known. */
  | { readonly status: 'paid'; readonly receipt: Receipt; readonly from: string | null }

const PUSHED = 'The address of the tenant will show a reference to it'

/** Everything the views show, and what the actions change. */
export interface Page {
  readonly config: DemoConfig
  readonly place: Place
  /** The client of now: a change of what it imports makes another. */
  readonly auth: Auth
  readonly client: Store<Auth>
  readonly createAuth: (ways: Ways) => Auth
  /** How Tax eFile signs in and renews. */
  readonly ways: Store<Ways>
  /** The way to the tenant, for the timeline, until it is taken. */
  readonly departure: Store<NewEvent | null>
  readonly depart: () => void
  /** Whether the renewal under way has had its answer in a hidden frame. */
  readonly framed: Store<boolean>
  readonly router: Router
  readonly timeline: Timeline
  readonly notice: Store<Notice | null>
  /** The latest change, in words, for those who do not see the page. */
  readonly announcement: Store<string>
  readonly renewing: Store<boolean>
  /** Whether a renewal has shown that only the user can renew the tokens of now. */
  readonly onlyByUser: Store<boolean>
  readonly accounts: Store<AccountsState>
  readonly payment: Store<PaymentState>
  /** Runs a call of `auth`, so that what it changes counts as this tab's doing. */
  readonly own: <T>(work: () => Promise<T>) => Promise<T>
  /** Whether such a call is under way. */
  readonly isOwn: () => boolean
}

/** Makes the page from its configuration. */
export function createPage(config: DemoConfig): Page {
  let calls = 0
  const timeline = createTimeline(openSessionNotes('tax-efile.timeline'))
  const departure = createStore<NewEvent | null>(null)
  const framed = createStore(false)
  const depart = () => {
    const event = departure.get()
    departure.set(null)
    if (event) timeline.add(event)
  }
  const createAuth = (ways: Ways) =>
    createClient(config, ways, {
      framed: () => framed.set(true),
      pushed() {
        timeline.add({ kind: 'leave', tone: 'plain', title: 'Request pushed', detail: PUSHED })
        depart()
      },
    })
  const ways = createStore(readWays(config))
  const client = createStore(createAuth(ways.get()))
  const notice = createStore<Notice | null>(null)
  const router = createRouter()
  // What went wrong on a view stays there, by whichever way it is left: the back button too.
  router.view.subscribe(() => notice.set(null))
  return {
    config,
    place: {
      tenant: nameHost(config.tenant),
      app: location.host,
      registered: config.appOrigin === location.origin ? null : config.appOrigin,
    },
    get auth() {
      return client.get()
    },
    client,
    createAuth,
    ways,
    departure,
    depart,
    framed,
    router,
    timeline,
    notice,
    announcement: createStore(''),
    renewing: createStore(false),
    onlyByUser: createStore(false),
    accounts: createStore<AccountsState>({ status: 'unread' }),
    payment: createStore<PaymentState>({ status: 'due' }),
    isOwn: () => calls > 0,
    async own(work) {
      calls += 1
      try {
        return await work()
      } finally {
        calls -= 1
      }
    },
  }
}
