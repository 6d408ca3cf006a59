import { type Auth, type Capability, createAuth } from 'tessera-auth'
import { cyberArkIdentity } from 'tessera-auth/cyberark'
import { dpop } from 'tessera-auth/dpop'
import { pushedAuthorization } from 'tessera-auth/par'
import { silentFrame } from 'tessera-auth/silent'
import type { DemoConfig } from './config.js'
import { READ_ACCOUNTS } from './scopes.js'
import { findApplication, type Ways } from './ways/ways.js'

/** Hears what the capabilities of a client have done. */
export interface Witness {
  /** A hidden frame came back with an answer. */
  readonly framed: () => void
  /** The parameters of a request are at the tenant. */
  readonly pushed: () => void
}

/** Makes the client of the SDK: everything Tax eFile needs to say about its sign-in. */
export function createClient(config: DemoConfig, ways: Ways, witness: Witness): Auth {
  const { tenant, bankApi, metadata } = config
  const { application, clientId, scope } = findApplication(config, ways)
  return createAuth({
    ...cyberArkIdentity({ tenant, application }),
    ...(metadata && { metadata }),
    clientId,
    redirectUri: '/callback',
    postLogoutRedirectUri: '/signed-out',
    scope,
    resources: [{ url: bankApi, scope: [READ_ACCOUNTS] }],
    capabilities: [
      ...(ways.frame ? [tellFrame(silentFrame(), witness)] : []),
      ...(ways.push ? [tellPush(pushedAuthorization(), witness)] : []),
      ...(ways.dpop ? [dpop()] : []),
    ],
  })
}

function tellFrame(capability: Capability, witness: Witness): Capability {
  const { silent } = capability
  if (!silent) return capability
  return {
    ...capability,
    async silent(prepared) {
      const answer = await silent(prepared)
      witness.framed()
      return answer
    },
  }
}

function tellPush(capability: Capability, witness: Witness): Capability {
  const { push } = capability
  if (!push) return capability
  return {
    ...capability,
    async push(...request) {
      const parameters = await push(...request)
      witness.pushed()
      return parameters
    },
  }
}
