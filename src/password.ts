export { type PasswordRequest, signInWithPassword } from './client/sign-in-with-password.js'
