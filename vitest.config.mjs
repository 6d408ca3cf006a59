// @ts-check
import { defineConfig } from 'vitest/config'

const END_TO_END = [
  'test/e2e/**/*.test.ts',
  'test/browsers/**/*.test.ts',
  'test/capabilities/**/*.test.ts',
]

/** Which tests are run in Chromium alone, and why. */
const IN_CHROMIUM_ALONE = {
  // What axe looks at, documents and their styles, is the same in each; in Firefox it takes a minute.
  axe: ['test/e2e/demo-axe.test.ts'],
}

/** Which tests are not run in WebKitGTK, and why. */
const NOT_IN_WEBKIT = {
  ...IN_CHROMIUM_ALONE,
  // Its MiniBrowser has a row of buttons, and no window narrower than that.
  narrowWindows: ['test/e2e/demo-width.test.ts'],
  // Driven, it keeps nothing on disk: there is no profile to come back to after a restart.
  restarts: ['test/browsers/persistent-profile.test.ts', 'test/e2e/restart.test.ts'],
  profilesOnDisk: ['test/capabilities/{blocked-storage,theft,third-party-cookies}.test.ts'],
  // No window has the focus for sure where there is no window manager, a window that its driver closes
  // does not hear of it before, and one that was cut off it does not lead elsewhere.
  closingByUsers: ['test/capabilities/popup-closing.test.ts'],
  // It tells of a window when that is asked for, and these are closed before anybody asks.
  shortWindows: ['test/capabilities/popup-{unneeded,double-click}.test.ts'],
  // Its driver answers no more when the page in a frame fails to open one itself.
  nestedFrames: ['test/capabilities/nested-frame.test.ts'],
  // Only over https does it send the cookies of a provider along with a form of another site.
  postedRequests: ['test/capabilities/post.test.ts'],
}

/** Which are not run in Firefox, and why. */
const NOT_IN_FIREFOX = {
  ...IN_CHROMIUM_ALONE,
  // It opens one window for a click.
  twoWindowsAtOnce: ['test/capabilities/popup-double-click.test.ts'],
  // As it is driven here, it keeps no page for the back button: pages are loaded anew.
  backForwardCache: ['test/e2e/back-forward-cache.test.ts'],
}

const EXCLUDED = { chromium: {}, firefox: NOT_IN_FIREFOX, webkit: NOT_IN_WEBKIT }

/**
 * @param {string} name
 * @param {string[]} include
 * @param {import('vitest/config').TestProjectInlineConfiguration['test']} [more]
 */
const project = (name, include, more = {}) => ({
  test: {
    name,
    include,
    environment: 'node',
    // A step that takes longer has failed, as in the drivers; what has to be faster says so itself.
    expect: { poll: { timeout: 15_000 } },
    ...more,
  },
})

/**
 * A project per stage of test/run.mjs. Browser tests run one file at a time, in one process: they
 * share a browser, and two of them at once starve each other on a small machine.
 *
 * @param {string} name
 * @param {string[]} include
 * @param {'chromium' | 'firefox' | 'webkit'} engine
 */
const inBrowser = (name, include, engine) =>
  project(name, include, {
    env: { TESSERA_ENGINE: engine },
    exclude: Object.values(EXCLUDED[engine]).flat(),
    pool: 'forks',
    fileParallelism: false,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  })

export default defineConfig({
  test: {
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/runner/*.test.ts'], {
        exclude: ['test/unit/**/*.dom.test.ts'],
        testTimeout: 60_000,
      }),
      project('dom', ['test/unit/**/*.dom.test.ts'], {
        environment: 'happy-dom',
        testTimeout: 60_000,
      }),
      project('layers', ['test/layers.test.ts'], { testTimeout: 60_000 }),
      project('demo', ['test/demo/**/*.test.{ts,mjs}'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      inBrowser('e2e-chromium', END_TO_END, 'chromium'),
      inBrowser('e2e-firefox', END_TO_END, 'firefox'),
      inBrowser('e2e-webkit', END_TO_END, 'webkit'),
      inBrowser('fetch-chromium', ['test/fetch/**/*.test.ts'], 'chromium'),
      inBrowser('fetch-firefox', ['test/fetch/**/*.test.ts'], 'firefox'),
      inBrowser('clients', ['test/clients/*.test.ts'], 'chromium'),
      inBrowser('docs', ['test/docs/*.test.ts'], 'chromium'),
      inBrowser('soak-chromium', ['test/soak/*.test.ts'], 'chromium'),
      inBrowser('soak-firefox', ['test/soak/*.test.ts'], 'firefox'),
      project('hostile', ['test/hostile/**/*.test.ts'], {
        pool: 'forks',
        maxConcurrency: 4,
        testTimeout: 120_000,
        hookTimeout: 60_000,
      }),
      project('package', ['test/package/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 180_000,
        hookTimeout: 180_000,
      }),
    ],
  },
})
