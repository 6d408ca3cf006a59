import type { cyberArkIdentity } from 'tessera-auth/cyberark'
import { expect, test } from 'vitest'
import type { Page } from '../browsers/page.ts'
import { appPage, type Outcome, signIn, useFixture } from './fixture.ts'

const fixture = useFixture()

declare global {
  var preset: typeof cyberArkIdentity
}

const IMPORT = `import { cyberArkIdentity } from 'tessera-auth/cyberark'`

/** What UserInfo says in each of these answers, by the preset and without it. */
async function askUserInfo(tab: Page, answers: readonly object[]): Promise<Outcome[][]> {
  await tab.waitForFunction(() => !!globalThis.preset)
  return tab.evaluate(
    async ([answers, tenant]) => {
      const ask = async (answer: object, more: object) => {
        const client = createClient({
          ...more,
          fetch: async (input, init) =>
            String(input).includes('/UserInfo/') && Object.keys(answer).length > 0
              ? Response.json(answer)
              : fetch(input, init),
        })
        await client.start()
        const outcome = await outcomeOf(client.userInfo())
        client.close()
        return outcome
      }
      const known = preset({ tenant, application: 'taxefile' })
      const outcomes: Outcome[][] = []
      for (const answer of answers) outcomes.push([await ask(answer, {}), await ask(answer, known)])
      return outcomes
    },
    [answers, fixture.tenant.url] as const,
  )
}

test('userInfo() of a CyberArk tenant may be swapped as documented, by the preset alone', async () => {
  fixture.pages.setPage(
    '/',
    appPage(fixture.options, 'globalThis.preset = cyberArkIdentity', IMPORT),
  )
  const tab = await fixture.open()
  await signIn(tab, fixture, { scope: ['email'] })
  const { sub, email } = fixture.tenant.users['monika.a'] ?? {}
  const { clientId } = fixture.options
  fixture.tenant.set({ userinfo: 'as-documented' })
  const refused = { error: expect.objectContaining({ code: 'userinfo_invalid' }) }
  expect(await askUserInfo(tab, [{}])).toEqual([
    [
      refused,
      { value: expect.objectContaining({ sub, aud: clientId, email, email_verified: true }) },
    ],
  ])
  expect(
    await askUserInfo(tab, [
      { sub: clientId, aud: 'somebody else' },
      { sub: clientId, aud: [sub] },
      { sub: clientId },
      { sub: 'another client', aud: sub },
      { aud: sub },
    ]),
  ).toEqual(Array(5).fill([refused, refused]))
  const sound = { sub, aud: clientId }
  const same = (answer: object) => [{ value: answer }, { value: answer }]
  expect(
    await askUserInfo(tab, [
      { ...sound, email_verified: 'false' },
      { ...sound, email_verified: false },
      { ...sound, email_verified: 'perhaps' },
    ]),
  ).toEqual([
    [
      { value: { ...sound, email_verified: 'false' } },
      { value: { ...sound, email_verified: false } },
    ],
    same({ ...sound, email_verified: false }),
    same({ ...sound, email_verified: 'perhaps' }),
  ])
})
