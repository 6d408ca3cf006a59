export { createAuth } from './client/create-auth.js'
export type { AuthErrorCode } from './errors.js'
export { AuthError } from './errors.js'
export type {
  AccessTokenRequest,
  Auth,
  AuthOptions,
  AuthState,
  Persistence,
  ProviderMetadata,
  ProviderProfile,
  Renewal,
  Resource,
  SignedInState,
  SignedOutReason,
  SignedOutState,
  SigningInState,
  SignInRequest,
  SignOutRequest,
  SignOutResult,
  StartingState,
  StartResult,
  UserClaims,
  UserInfo,
} from './types.js'
