import { expect, test } from 'vitest'
import { createProviderSource } from '../../../src/session/create-provider-source.ts'

const ADDRESS = 'https://login.example/.well-known/openid-configuration'
const metadataOf = (host: string) => ({
  issuer: 'https://login.example/',
  authorization_endpoint: `https://${host}/authorize`,
  token_endpoint: `https://${host}/token`,
})

test('what was forgotten while it was being read does not come back', async () => {
  let found: (content: unknown) => void = () => {}
  const source = createProviderSource({
    address: ADDRESS,
    issuer: 'https://login.example/',
    allowLoopback: false,
    load: () =>
      new Promise((resolve) => {
        found = resolve
      }),
    save: async () => {},
    discover: async () => metadataOf('new.example') as never,
    fetchKeys: async () => ({ keys: [] }),
  })
  const first = source.metadata()
  source.forgetProvider()
  found({ [ADDRESS]: { value: metadataOf('old.example'), at: Date.now() } })
  expect(await first).toMatchObject(metadataOf('new.example'))
  expect(await source.metadata()).toMatchObject(metadataOf('new.example'))
})
