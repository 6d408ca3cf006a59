import { render } from 'preact'
import { startPage } from './actions/start-page.js'
import { App } from './app.js'
import { loadConfig } from './config.js'
import { createPage } from './page.js'
import { PageProvider } from './page-context.js'
import './styles/main.css'
import { Unready } from './views/unready.js'

/** Starts the app in this document. */
async function startApp(root: Element): Promise<void> {
  try {
    const page = createPage(await loadConfig())
    render(
      <PageProvider value={page}>
        <App />
      </PageProvider>,
      root,
    )
    await startPage(page)
  } catch (thrown) {
    render(<Unready thrown={thrown} />, root)
  }
}

const root = document.querySelector('#app')
if (root) void startApp(root)
