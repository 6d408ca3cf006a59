import { connect } from 'app'

/** The page of an app: finishes a callback or restores a session, and gets a token if there is one. */
globalThis.app = await connect(globalThis.settings)
globalThis.user = app.user()
if (user) await app.getToken()
globalThis.readyAt = performance.timeOrigin + performance.now()
console.debug('ready')
