import { render } from 'preact'
import { startPage } from './actions/start-page.js'
import { App } from './app.js'
import type { Page } from './page.js'
import { PageProvider } from './page-context.js'
import './styles/main.css'
import type { Arrival } from './timeline/read-arrival.js'
import { Unready } from './views/unready.js'

/** Starts the app in this document. */
export async function startApp(page: Page, arrival: Arrival): Promise<void> {
  const root = findRoot()
  root.replaceChildren()
  render(
    <PageProvider value={page}>
      <App />
    </PageProvider>,
    root,
  )
  await startPage(page, arrival)
}

/** Says why the app cannot even begin. */
export function showUnready(thrown: unknown): void {
  render(<Unready thrown={thrown} />, findRoot())
}

function findRoot(): Element {
  return document.querySelector('#app') ?? document.body
}
