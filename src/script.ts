export { cyberArkIdentity } from './cyberark.js'
export { AuthError, createAuth } from './index.js'
