import { expect } from 'vitest'
import type { Stage } from './create-stage.ts'

/** Longer than anything that failed is waited for. */
const LATER = 330_000

/**
 * Renews some more times, each after a while: each time the provider is asked, with the refresh token
 * that is there still, and each time the failure is one that may pass.
 */
export async function renewAgain(stage: Stage, times: number): Promise<void> {
  const [tab] = stage.tabs
  if (!stage.hostile) return
  for (let time = 0; time < times; time++) {
    const before = stage.issuer.count('token')
    await tab?.page.evaluate((later) => {
      window.setup.shift += later
    }, LATER)
    const { error } = (await tab?.call('getAccessToken', { forceRenewal: true })) ?? {}
    expect(error?.retryable).toBe(true)
    expect(stage.issuer.count('token')).toBe(before + 1)
  }
}
