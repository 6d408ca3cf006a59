import { connect } from 'app'

/** Nothing but the library, for an app to take up later. */
globalThis.connect = connect
