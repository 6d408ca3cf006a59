import type { Page as PlaywrightPage } from 'playwright-core'

/**
 * What the tests use of a browser: the part of playwright's interface that the engines which
 * playwright cannot drive have as well. Each member does what playwright says it does.
 */
export interface Page {
  evaluate: PlaywrightPage['evaluate']
  goto(url: string): Promise<unknown>
  reload(): Promise<unknown>
  goBack(): Promise<unknown>
  title(): Promise<string>
  url(): string
  click(selector: string): Promise<void>
  fill(selector: string, value: string): Promise<void>
  readonly keyboard: Keyboard
  locator(selector: string, options?: { hasText?: string | RegExp }): Locator
  getByRole: Locator['getByRole']
  getByText: Locator['getByText']
  getByLabel: Locator['getByLabel']
  getByTestId(id: string): Locator
  waitForFunction(condition: () => unknown): Promise<unknown>
  /** Waits until it shows. */
  waitForSelector(selector: string): Promise<unknown>
  /** A pattern may hold `**`. */
  waitForURL(url: string | RegExp | ((url: URL) => boolean)): Promise<void>
  /** Waits for a request of this page; in WebKit, of any page of the profile. */
  waitForRequest(url: RegExp): Promise<unknown>
  context(): Context
  /** Waits until it is closed. */
  waitForEvent(event: 'close'): Promise<unknown>
  close(): Promise<void>
}

/** What all pages of a profile have in common. */
export interface Context {
  newPage(): Promise<Page>
  /** Waits for a page that another one opens. */
  waitForEvent(event: 'page'): Promise<Page>
  /** Runs at the start of each page from now on. */
  addInitScript(script: (() => void) | { readonly content: string }): Promise<unknown>
  clearCookies(which: { readonly name: RegExp }): Promise<void>
  close(): Promise<void>
}

export interface Keyboard {
  press(key: string): Promise<void>
  type(text: string): Promise<void>
}

type Role = Parameters<PlaywrightPage['getByRole']>[0]

/** Elements of a page, looked up anew each time, and waited for where one is needed. */
export interface Locator {
  getByRole(
    role: Role,
    options?: {
      readonly name?: string | RegExp
      readonly exact?: boolean
      readonly level?: number
    },
  ): Locator
  getByText(text: string | RegExp): Locator
  getByLabel(text: string): Locator
  locator(selector: string): Locator
  first(): Locator
  click(): Promise<void>
  fill(value: string): Promise<void>
  textContent(): Promise<string | null>
  /** Of those that are there now. */
  allTextContents(): Promise<string[]>
  count(): Promise<number>
  /** Waits until it shows. */
  waitFor(): Promise<void>
}
