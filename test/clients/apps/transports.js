import { listen } from './recipes/event-source.js'
import { upload } from './recipes/upload.js'
import { connect } from './recipes/web-socket.js'

Object.assign(globalThis, { listen, upload, connect })
