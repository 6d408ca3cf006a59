export { type IdleOptions, type IdleWatch, watchIdle } from './client/watch-idle.js'
