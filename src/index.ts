export { createAuth } from './client/create-auth.js'
export type { AuthErrorCode, AuthErrorDetails, StepUpRequest } from './errors.js'
export { AuthError } from './errors.js'
export type { Auth } from './types/auth.js'
export type {
  BoundAnswer,
  BoundSession,
  BoundSessionVersion,
  Capability,
  PostAnswer,
  PostForm,
  PreparedSignIn,
  TokenBinding,
  Via,
} from './types/capabilities.js'
export type { AuthOptions, Persistence, Resource } from './types/options.js'
export type {
  AuthorizationDetail,
  ProviderMetadata,
  ProviderProfile,
  UserClaims,
  UserInfo,
} from './types/provider.js'
export type {
  AccessTokenRequest,
  HeaderRequest,
  SignInRequest,
  SignOutRequest,
  SignOutResult,
  StartResult,
} from './types/requests.js'
export type {
  AuthState,
  Renewal,
  SignedInState,
  SignedOutReason,
  SignedOutState,
  SigningInState,
  StartingState,
} from './types/state.js'
