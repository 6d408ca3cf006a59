import { defineConfig } from 'vite'

/** Two folders up is the package itself, which the app imports by its own name. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    // The policy of the app's pages allows neither inline scripts nor what they would be needed for.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
})
