import { join } from 'node:path'
import { defineConfig } from 'vite'

const ROOT = import.meta.dirname

/** Two folders up is the package itself, which the app imports by its own name. */
export default defineConfig({
  root: ROOT,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    // The callback page is small, so that a popup or a frame has handed over before it is seen.
    rolldownOptions: { input: ['index.html', 'callback.html'].map((name) => join(ROOT, name)) },
    emptyOutDir: true,
    sourcemap: true,
    // The policy of the app's pages allows neither inline scripts nor what they would be needed for.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
})
