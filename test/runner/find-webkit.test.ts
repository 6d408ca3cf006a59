import { afterEach, expect, test, vi } from 'vitest'
import { ensureBrowsers } from '../browsers/find-browser.mjs'
import { findWebKit, missingOfWebKit } from '../browsers/find-webkit.mjs'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('findWebKit() takes the driver that the environment names', () => {
  vi.stubEnv('TESSERA_WEBKIT_DRIVER', process.execPath)
  expect(findWebKit().driver).toBe(process.execPath)
})

test('findWebKit() says that the environment names no program', () => {
  vi.stubEnv('TESSERA_WEBKIT_DRIVER', '/nowhere/WebKitWebDriver')
  expect(() => findWebKit()).toThrow(
    'TESSERA_WEBKIT_DRIVER is /nowhere/WebKitWebDriver, which is not an executable file.',
  )
  expect(() => ensureBrowsers(['webkit'], () => {})).toThrow('TESSERA_WEBKIT_DRIVER')
})

test('missingOfWebKit() says what is missing, and what to do', () => {
  vi.stubEnv('TESSERA_WEBKIT_DRIVER', '')
  vi.stubEnv('PATH', '/nowhere')
  const text = missingOfWebKit()
  expect(text).toMatch(/^No WebKitWebDriver and no (MiniBrowser and no )?Xvfb was found/)
  expect(text).toContain('apt-get install webkit2gtk-driver xvfb')
  expect(text).toContain('npm test -- check unit e2e-chromium e2e-firefox')
})
