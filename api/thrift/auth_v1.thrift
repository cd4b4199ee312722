// Made by `npm run generate` from the contract of auth.
namespace * kinora.auth.v1

include "failure.thrift"

struct LoginRequest {
  1: string username
  2: string password
}

struct LoginResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct RefreshRequest {
  1: string refresh_token
}

struct RefreshResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct LogoutRequest {
}

struct LogoutResponse {
}

struct SessionsRequest {
}

struct OpenSession {
  1: string id
  2: string origin
  3: string agent
  4: bool is_current
  8: list<string> methods
  9: bool is_new_device
  5: i64 created_at_ms
  6: i64 used_at_ms
  7: i64 expires_at_ms
}

struct SessionsResponse {
  1: list<OpenSession> items
}

struct EndSessionRequest {
  1: string id
}

struct EndSessionResponse {
}

struct EndOthersRequest {
}

struct EndOthersResponse {
  1: i64 count
}

struct SessionRequest {
  1: string session_id
  2: optional string secret
  3: optional bool is_verified
  4: optional bool is_fresh_needed
}

struct SessionResponse_FreshByList {
  1: list<string> items
}

struct SessionResponse_ScopesList {
  1: list<string> items
}

struct SessionResponse {
  1: bool alive
  2: optional i64 user_id
  3: optional string role
  4: optional string origin
  5: optional bool is_fresh
  6: optional SessionResponse_FreshByList fresh_by
  7: optional SessionResponse_ScopesList scopes
}

struct SignEntryRequest {
  1: string direction
}

struct SignEntryResponse {
  1: string token
  2: i64 expires_at_ms
}

struct StandingRequest {
  1: string session_id
}

struct StandingResponse {
  1: bool alive
  2: optional string role
}

struct EndedSessionsRequest {
  1: list<string> session_ids
}

struct EndedSessionsResponse {
  1: list<string> session_ids
}

struct PasskeyCredential_Response {
  1: string client_data_json
  2: string authenticator_data
  3: string signature
  4: optional string user_handle
}

struct PasskeyCredential {
  1: string id
  2: string raw_id
  3: string type
  4: optional PasskeyCredential_Response response
}

struct ConfirmRequest_Passkey {
  1: string challenge_id
  2: optional PasskeyCredential credential
}

struct ConfirmRequest {
  1: optional string password
  2: optional string code
  3: optional ConfirmRequest_Passkey passkey
  4: optional string challenge_id
  5: optional string signature
}

struct ConfirmResponse {
  1: i64 until_ms
}

struct SignOutRequest {
}

struct SignOutResponse {
}

struct VerifyRequest {
}

struct VerifyResponse_ScopesList {
  1: list<string> items
}

struct VerifyResponse {
  1: bool valid
  2: i64 user_id
  3: string username
  4: i64 expires_at_ms
  5: optional VerifyResponse_ScopesList scopes
  6: list<string> methods
  7: i64 authenticated_at_ms
  8: optional string wallet_address
}

struct ChangePasswordRequest {
  1: string old_password
  2: string password
}

struct ChangePasswordResponse {
}

struct ResetPasswordRequest {
  1: string token
  2: string password
}

struct ResetPasswordResponse {
}

struct ResetRequest {
  1: string token
  2: string password
}

struct ResetResponse {
}

struct ForgotPasswordRequest {
  1: string email
}

struct ForgotPasswordResponse {
}

struct EmailRequest {
}

struct EmailResponse {
  1: string email
  2: bool is_verified
}

struct SendVerificationRequest {
}

struct SendVerificationResponse {
}

struct VerifyEmailRequest {
  1: string token
}

struct VerifyEmailResponse {
}

struct SetEmailRequest {
  1: string email
}

struct SetEmailResponse {
}

struct UndoEmailRequest {
  1: string token
}

struct UndoEmailResponse {
}

struct AlertsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct SecurityAlert {
  1: i64 id
  2: string kind
  3: i64 at_ms
  4: string agent
  5: string name
  6: optional string session_id
}

struct AlertsResponse {
  1: list<SecurityAlert> items
  2: optional string next_
  3: optional i64 total
}

struct PersonalTokensRequest {
}

struct PersonalToken {
  1: string id
  2: string name
  3: list<string> scopes
  4: string prefix
  5: i64 created_at_ms
  6: optional i64 used_at_ms
  7: optional i64 expires_at_ms
}

struct PersonalTokensResponse {
  1: list<PersonalToken> items
}

struct MakeTokenRequest {
  1: string name
  2: list<string> scopes
  3: optional i64 expires_in_days
}

struct MakeTokenResponse {
  1: string id
  2: string name
  3: list<string> scopes
  4: string prefix
  5: i64 created_at_ms
  6: optional i64 used_at_ms
  7: optional i64 expires_at_ms
  8: string token
}

struct RenameTokenRequest {
  1: string id
  2: string name
}

struct RenameTokenResponse {
  1: string id
  2: string name
  3: list<string> scopes
  4: string prefix
  5: i64 created_at_ms
  6: optional i64 used_at_ms
  7: optional i64 expires_at_ms
}

struct EndTokenRequest {
  1: string id
}

struct EndTokenResponse {
}

struct InviteRequest {
  1: optional i64 uses
  2: optional i64 expires_in_days
  3: optional string email
  4: optional string note
  5: optional bool skips_approval
}

struct InviteResponse {
  1: i64 id
  2: string note
  3: string email
  4: i64 uses
  5: i64 used
  6: bool skips_approval
  7: i64 created_at_ms
  8: i64 expires_at_ms
  9: string code
  10: string url
}

struct InvitationsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Invitation {
  1: i64 id
  2: string note
  3: string email
  4: i64 uses
  5: i64 used
  6: bool skips_approval
  7: i64 created_at_ms
  8: i64 expires_at_ms
  9: i64 user_id
  10: list<i64> account_ids
}

struct InvitationsResponse {
  1: list<Invitation> items
  2: optional string next_
  3: optional i64 total
}

struct EndInvitationRequest {
  1: i64 id
}

struct EndInvitationResponse {
}

struct CheckInvitationRequest {
  1: string code
}

struct CheckInvitationResponse {
  1: bool valid
  2: string instance
  3: string note
  4: optional i64 user_id
}

struct RegisterRequest_Work {
  1: string puzzle
  2: i64 nonce
}

struct RegisterRequest {
  1: string username
  2: string password
  3: optional string email
  4: optional string nickname
  5: optional string phone
  6: optional bool strict
  7: optional string application
  8: optional string invitation
  9: optional RegisterRequest_Work work
}

struct RegisterResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct RegisterForRequest {
  1: string family
  2: string username
  3: string password
}

struct RegisterForResponse {
  1: i64 user_id
  2: string username
  3: string token
  4: i64 expires_at_ms
}

struct EnsureRequest {
  1: string username
  2: string password
  3: optional string nickname
  4: optional string role
  5: optional bool is_demo
}

struct EnsureResponse {
  1: i64 user_id
}

struct RegistrationRequest {
}

struct RegistrationResponse {
  1: string registration
  2: string email
  3: bool users_invite
  4: i64 work_bits
  5: list<string> domains_allowed
  6: list<string> domains_denied
}

struct SetRegistrationRequest_DomainsAllowedList {
  1: list<string> items
}

struct SetRegistrationRequest_DomainsDeniedList {
  1: list<string> items
}

struct SetRegistrationRequest {
  1: optional string registration
  2: optional string email
  3: optional bool users_invite
  4: optional i64 work_bits
  5: optional SetRegistrationRequest_DomainsAllowedList domains_allowed
  6: optional SetRegistrationRequest_DomainsDeniedList domains_denied
}

struct SetRegistrationResponse {
  1: string registration
  2: string email
  3: bool users_invite
  4: i64 work_bits
  5: list<string> domains_allowed
  6: list<string> domains_denied
}

struct AccountsRequest {
  1: optional string q
  2: optional string state
  3: optional string role
  4: optional string cursor
  5: optional i64 skip
  6: optional i64 limit
  7: optional bool count
}

struct Account {
  1: i64 id
  2: string username
  3: string email
  4: string role
  5: string state
  6: optional i64 state_until_ms
  7: string state_reason
  8: string application
  9: i64 created_at_ms
  10: optional i64 used_at_ms
}

struct AccountsResponse {
  1: list<Account> items
  2: optional string next_
  3: optional i64 total
}

struct SetRoleRequest {
  1: i64 id
  2: string role
}

struct SetRoleResponse {
}

struct AdmitRequest {
  1: i64 id
}

struct AdmitResponse {
}

struct ResetLinkRequest {
  1: i64 id
}

struct ResetLinkResponse {
  1: string token
  2: i64 expires_at_ms
}

struct RemoveAccountRequest {
  1: i64 id
}

struct RemoveAccountResponse {
}

struct DeletionsRequest {
  1: optional string cursor
  2: optional i64 skip
  3: optional i64 limit
  4: optional bool count
}

struct Deletion_Receipts {
  1: string service_
  2: i64 at_ms
}

struct Deletion {
  1: i64 user_id
  2: i64 begun_at_ms
  3: optional i64 ended_at_ms
  4: list<Deletion_Receipts> receipts
  5: list<string> missing
}

struct DeletionsResponse {
  1: list<Deletion> items
  2: optional string next_
  3: optional i64 total
}

struct RejectRequest {
  1: i64 id
  2: optional string message
}

struct RejectResponse {
}

struct FactorsRequest {
}

struct FactorsResponse_Totp {
  1: i64 since_ms
}

struct Passkey {
  1: i64 id
  2: string name
  3: i64 created_at_ms
  4: optional i64 used_at_ms
  5: bool synced
  6: bool passwordless
  7: string rp_id
}

struct LinkedWallet {
  1: i64 id
  2: string namespace_
  3: string address
  4: string kind
  5: optional i64 chain_id
  6: string name
  7: bool is_public
  8: i64 linked_at_ms
}

struct LinkedProvider {
  1: string id
  2: string name
  3: string subject_hint
  4: i64 linked_at_ms
}

struct FactorsResponse {
  1: bool password
  4: optional i64 password_changed_at_ms
  2: optional FactorsResponse_Totp totp
  5: list<Passkey> passkeys
  3: i64 recovery_codes_left
  6: list<LinkedWallet> wallets
  7: list<LinkedProvider> providers
}

struct AddTotpRequest {
}

struct AddTotpResponse {
  1: string secret
  2: string uri
}

struct ConfirmTotpRequest {
  1: string code
}

struct ConfirmTotpResponse_RecoveryCodesList {
  1: list<string> items
}

struct ConfirmTotpResponse {
  1: optional ConfirmTotpResponse_RecoveryCodesList recovery_codes
}

struct RemoveTotpRequest {
}

struct RemoveTotpResponse {
}

struct RenewRecoveryCodesRequest {
}

struct RenewRecoveryCodesResponse {
  1: list<string> recovery_codes
}

struct RemoveFactorsRequest {
  1: i64 id
  2: string reason
}

struct RemoveFactorsResponse {
}

struct BeginPasskeyRequest {
}

struct BeginPasskeyResponse_Rp {
  1: string id
  2: string name
}

struct BeginPasskeyResponse_User {
  1: string id
  2: string name
  3: string display_name
}

struct BeginPasskeyResponse_PubKeyCredParams {
  1: string type
  2: i64 alg
}

struct BeginPasskeyResponse_ExcludeCredentials {
  1: string id
  2: string type
  3: list<string> transports
}

struct BeginPasskeyResponse_AuthenticatorSelection {
  1: string resident_key
  2: bool require_resident_key
  3: string user_verification
}

struct BeginPasskeyResponse {
  1: string challenge_id
  2: string challenge
  3: optional BeginPasskeyResponse_Rp rp
  4: optional BeginPasskeyResponse_User user
  5: list<BeginPasskeyResponse_PubKeyCredParams> pub_key_cred_params
  6: i64 timeout
  7: string attestation
  8: list<BeginPasskeyResponse_ExcludeCredentials> exclude_credentials
  9: optional BeginPasskeyResponse_AuthenticatorSelection authenticator_selection
}

struct NewPasskeyCredential_Response {
  1: string client_data_json
  2: string attestation_object
  3: list<string> transports
}

struct NewPasskeyCredential {
  1: string id
  2: string raw_id
  3: string type
  4: optional NewPasskeyCredential_Response response
}

struct AddPasskeyRequest {
  1: string challenge_id
  2: optional NewPasskeyCredential credential
  3: string name
}

struct AddPasskeyResponse_RecoveryCodesList {
  1: list<string> items
}

struct AddPasskeyResponse {
  1: i64 id
  2: string name
  3: i64 created_at_ms
  4: optional i64 used_at_ms
  5: bool synced
  6: bool passwordless
  7: string rp_id
  8: optional AddPasskeyResponse_RecoveryCodesList recovery_codes
}

struct RenamePasskeyRequest {
  1: i64 id
  2: string name
}

struct RenamePasskeyResponse {
  1: i64 id
  2: string name
  3: i64 created_at_ms
  4: optional i64 used_at_ms
  5: bool synced
  6: bool passwordless
  7: string rp_id
}

struct RemovePasskeyRequest {
  1: i64 id
}

struct RemovePasskeyResponse {
}

struct PasskeyOptionsRequest {
  1: optional string ticket
}

struct PasskeyOptionsResponse_AllowCredentials {
  1: string id
  2: string type
  3: list<string> transports
}

struct PasskeyOptionsResponse {
  1: string challenge_id
  2: string challenge
  3: string rp_id
  4: list<PasskeyOptionsResponse_AllowCredentials> allow_credentials
  5: i64 timeout
  6: string user_verification
}

struct WorkRequest {
}

struct WorkResponse {
  1: optional string puzzle
  2: optional i64 bits
  3: optional i64 expires_at_ms
}

struct ChainsRequest {
}

struct ChainStatus {
  1: i64 chain_id
  2: string namespace_
  3: string name
  4: string state
  5: i64 since_ms
  6: optional i64 block
  7: string grant
  8: optional i64 estimate_seconds
}

struct ChainsResponse {
  1: list<ChainStatus> items
}

struct ChainDetailsRequest {
}

struct ChainEndpoint {
  1: string host
  2: optional string fault
  3: i64 requests
  4: i64 errors
  5: optional double latency_ms
  6: optional i64 asked_at_ms
}

struct ChainDetails {
  1: i64 chain_id
  2: string namespace_
  3: string name
  4: string state
  5: i64 since_ms
  6: optional i64 block
  7: string grant
  8: optional i64 estimate_seconds
  9: i64 agree
  10: list<ChainEndpoint> endpoints
  11: optional string fault
  12: optional i64 grant_block
  13: optional i64 block_age_seconds
  14: i64 block_age_seconds_max
}

struct ChainDetailsResponse {
  1: list<ChainDetails> items
}

struct VerifyHoldingRequest {
  1: optional string address
  2: optional string wallet
  3: optional string owner_address
  4: i64 chain_id
  5: optional string contract
  6: optional string contract_address
  7: optional string standard
  8: optional string token_id
  9: optional string min
}

struct VerifyHoldingResponse {
  1: bool owned
  2: bool has_nft
  3: string balance
  4: string state
  5: i64 chain_id
  6: string contract
  7: string standard
  8: optional string token_id
  9: optional i64 block
  10: i64 checked_at_ms
}

struct HoldingRequest {
  1: i64 chain_id
  2: string contract
  3: optional string standard
  4: optional string min
}

struct HoldingResponse {
  1: bool owned
  2: bool has_nft
  3: string balance
  4: string state
  5: i64 chain_id
  6: string contract
  7: string standard
  8: optional string token_id
  9: optional i64 block
  10: i64 checked_at_ms
}

struct TokenHoldingRequest {
  1: string token_id
  2: i64 chain_id
  3: string contract
  4: optional string standard
  5: optional string min
}

struct TokenHoldingResponse {
  1: bool owned
  2: bool has_nft
  3: string balance
  4: string state
  5: i64 chain_id
  6: string contract
  7: string standard
  8: optional string token_id
  9: optional i64 block
  10: i64 checked_at_ms
}

struct ChallengeRequest {
  1: optional string address
  2: optional string wallet
  3: optional i64 chain_id
  4: optional string namespace_
  5: optional string sign_type
}

struct TypedSignIn_Types_EIP712Domain {
  1: string name
  2: string type
}

struct TypedSignIn_Types_SignIn {
  1: string name
  2: string type
}

struct TypedSignIn_Types {
  1: list<TypedSignIn_Types_EIP712Domain> _e_i_p712_domain
  2: list<TypedSignIn_Types_SignIn> _sign_in
}

struct TypedSignIn_Domain {
  1: string name
  2: string version
  3: i64 chain_id
}

struct TypedSignIn_Message {
  1: string domain
  2: string uri
  3: string account
  4: string statement
  5: string nonce
  6: string issued_at
  7: string expires_at
}

struct TypedSignIn {
  1: optional TypedSignIn_Types types
  2: string primary_type
  3: optional TypedSignIn_Domain domain
  4: optional TypedSignIn_Message message
}

struct ChallengeResponse {
  1: string challenge_id
  2: string message
  3: string nonce
  4: i64 issued_at_ms
  5: i64 expires_at_ms
  6: string address
  7: string wallet
  8: i64 chain_id
  9: string signing_type
  10: optional TypedSignIn typed_data
}

struct WalletsRequest {
}

struct WalletsResponse {
  1: list<LinkedWallet> items
}

struct ChangeWalletRequest {
  1: i64 id
  2: optional string name
  3: optional bool is_public
}

struct ChangeWalletResponse {
  1: i64 id
  2: string namespace_
  3: string address
  4: string kind
  5: optional i64 chain_id
  6: string name
  7: bool is_public
  8: i64 linked_at_ms
}

struct UnlinkWalletRequest {
  1: i64 id
}

struct UnlinkWalletResponse {
}

struct HoldsRequest_Terms {
  1: i64 chain_id
  2: string contract
  3: string standard
  4: optional string token_id
  5: optional string min
}

struct HoldsRequest {
  1: i64 user_id
  2: list<HoldsRequest_Terms> terms
  3: optional bool is_anew
}

struct HoldsResponse_Items {
  1: string state
  2: optional i64 since_ms
  4: optional string chain
  3: bool has_wallet
}

struct HoldsResponse {
  1: list<HoldsResponse_Items> items
}

struct TermFaultsRequest_Terms {
  1: i64 chain_id
  2: string contract
  3: string standard
  4: optional string token_id
  5: optional string min
}

struct TermFaultsRequest {
  1: list<TermFaultsRequest_Terms> terms
}

struct TermFaultsResponse_Items {
  1: optional string fault
  2: optional string chain
}

struct TermFaultsResponse {
  1: list<TermFaultsResponse_Items> items
}

struct LoginByWalletRequest_Work {
  1: string puzzle
  2: i64 nonce
}

struct LoginByWalletRequest {
  1: string challenge_id
  2: string signature
  3: optional string address
  4: optional string wallet
  5: optional i64 chain_id
  6: optional string purpose
  7: optional string invitation
  8: optional string application
  9: optional LoginByWalletRequest_Work work
}

struct LoginByWalletResponse {
  1: optional i64 user_id
  2: optional string token
  3: optional string refresh_token
  4: optional i64 expires_at_ms
  5: optional string role
  6: optional i64 id
  7: optional string namespace_
  8: string address
  9: optional string kind
  10: optional i64 chain_id
  11: optional string name
  12: optional bool is_public
  13: optional i64 linked_at_ms
  14: string wallet_address
}

struct ProvidersRequest {
}

struct ProvidersResponse_Items {
  1: string id
  2: string name
  3: string icon_url
}

struct ProvidersResponse_Wallets {
  1: i64 chain_id
  2: string name
}

struct ProvidersResponse {
  1: list<ProvidersResponse_Items> items
  2: bool password
  3: bool passkeys
  4: list<ProvidersResponse_Wallets> wallets
}

struct BeginProviderSignInRequest {
  1: string id
  2: string next_
  3: optional string invitation
}

struct BeginProviderSignInResponse {
  1: string url
  2: string flow
}

struct FinishProviderFlowRequest {
  1: string flow
  2: string query
}

struct Session {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct FinishProviderFlowResponse_Problem_MethodsList {
  1: list<string> items
}

struct FinishProviderFlowResponse_Problem {
  1: string code
  2: string provider
  3: optional string ticket
  4: optional FinishProviderFlowResponse_Problem_MethodsList methods
}

struct FinishProviderFlowResponse {
  1: string next_
  2: bool is_on_page
  3: optional Session session
  4: optional FinishProviderFlowResponse_Problem problem
}

struct LinkProviderRequest {
  1: string id
  2: optional string next_
}

struct LinkProviderResponse {
  1: string url
  2: optional string flow
}

struct ConfirmByProviderRequest {
  1: string id
  2: optional string next_
}

struct ConfirmByProviderResponse {
  1: string url
  2: optional string flow
}

struct UnlinkProviderRequest {
  1: string id
}

struct UnlinkProviderResponse {
}

struct SecondFactorRequest_Passkey {
  1: string challenge_id
  2: optional PasskeyCredential credential
}

struct SecondFactorRequest {
  1: string ticket
  2: optional string code
  3: optional SecondFactorRequest_Passkey passkey
}

struct SecondFactorResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct LoginByPasskeyRequest {
  1: string challenge_id
  2: optional PasskeyCredential credential
}

struct LoginByPasskeyResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct LoginForRequest {
  1: string family
  2: string username
  3: string password
}

struct LoginForResponse {
  1: i64 user_id
  2: string username
  3: string token
  4: i64 expires_at_ms
}

struct DeleteAccountRequest {
  1: optional string password
}

struct DeleteAccountResponse {
}

struct KeysRequest {
}

struct KeysResponse_Items {
  1: string kid
  2: string x
}

struct KeysResponse {
  1: list<KeysResponse_Items> items
}

struct SourceSaltRequest {
}

struct SourceSaltResponse {
  1: string salt
  2: i64 ends_in_ms
}

struct AccountRequest {
  1: optional i64 user_id
  2: optional string username
}

struct AccountResponse {
  1: bool found
  2: optional i64 user_id
  3: optional string username
  4: optional string nickname
  5: optional string email
  6: optional string phone
  7: optional string role
  8: optional i64 created_at_ms
  9: optional i64 active_at_ms
}

struct RecordExportRequest {
  1: i64 user_id
  2: bool has_originals
}

struct RecordExportResponse {
}

struct MailRecipientsRequest {
  1: list<i64> user_ids
}

struct MailRecipientsResponse_Items {
  1: i64 user_id
  2: string username
  3: string language
  4: bool gets_mails
}

struct MailRecipientsResponse {
  1: list<MailRecipientsResponse_Items> items
}

struct SendLettersRequest_Letters_Action {
  1: string label
  2: string path
}

struct SendLettersRequest_Letters {
  1: i64 user_id
  2: string id
  3: string language
  4: string subject
  5: list<string> paragraphs
  6: optional SendLettersRequest_Letters_Action action
  7: string end_token
}

struct SendLettersRequest {
  1: list<SendLettersRequest_Letters> letters
}

struct SendLettersResponse {
}

struct GrowthRequest {
  1: i64 since_day
}

struct GrowthResponse_Days {
  1: i64 day
  2: i64 count
}

struct GrowthResponse {
  1: i64 total
  2: list<GrowthResponse_Days> days
}

struct BatchRequest {
  1: optional i64 after
  2: optional i64 limit
}

struct BatchResponse_Items {
  1: i64 user_id
  2: string username
  3: string role
  4: string state
  5: optional i64 state_until_ms
}

struct BatchResponse {
  1: list<BatchResponse_Items> items
}

struct ClaimRequest {
  1: string token
  2: string username
  3: string password
  4: optional bool demo
}

struct ClaimResponse {
  1: i64 user_id
  2: string token
  3: string refresh_token
  4: i64 expires_at_ms
  5: string role
}

struct InstanceRequest {
}

struct InstanceResponse {
  1: bool first_run
  2: string registration
  3: bool demo
  4: string email
  5: bool users_invite
}

struct AddDemoRequest {
}

struct AddDemoResponse {
}

struct RemoveDemoRequest {
}

struct RemoveDemoResponse {
}

struct FirstRunLinkRequest {
}

struct FirstRunLinkResponse {
  1: optional string token
}

struct RequestDemoRequest {
}

struct RequestDemoResponse {
}

struct RemoveRequest {
  1: list<i64> user_ids
}

struct RemoveResponse {
}

struct BlocklistCopyRequest {
}

struct BlocklistCopyResponse {
  1: string body
}

struct DeadJobsRequest {
  1: optional i64 before
  2: i64 limit
}

struct DeadJobsResponse_Items {
  1: i64 id
  2: string kind
  3: i64 tries
  4: optional string error
  5: optional i64 owner_id
  6: i64 created_at_ms
  7: i64 died_at_ms
}

struct DeadJobsResponse {
  1: list<DeadJobsResponse_Items> items
}

struct RetryJobRequest {
  1: i64 id
}

struct RetryJobResponse {
  1: string result
}

struct DiscardJobRequest {
  1: i64 id
}

struct DiscardJobResponse {
  1: bool is_there
}

struct DeadEventsRequest_After {
  1: i64 died_at_ms
  2: string id
}

struct DeadEventsRequest {
  1: optional DeadEventsRequest_After after
  2: i64 limit
}

struct DeadEventsResponse_Items {
  1: string id
  2: string type
  3: i64 subject_id
  4: i64 tries
  5: string error
  6: i64 died_at_ms
}

struct DeadEventsResponse {
  1: list<DeadEventsResponse_Items> items
}

struct RetryEventRequest {
  1: string id
}

struct RetryEventResponse {
  1: bool is_there
}

struct DiscardEventRequest {
  1: string id
}

struct DiscardEventResponse {
  1: bool is_there
}

service AuthService {
  /** Signs in with a user name or a verified e-mail address. Who may call: public. */
  LoginResponse Login(1: LoginRequest request) throws (1: failure.Failure failure)

  /** Trades a refresh token for a new pair of tokens. A used one yields the same pair for 20 seconds; later it ends its session. Who may call: public. */
  RefreshResponse Refresh(1: RefreshRequest request) throws (1: failure.Failure failure)

  /** Ends the session the token belongs to. Who may call: user. */
  LogoutResponse Logout(1: LogoutRequest request) throws (1: failure.Failure failure)

  /** Lists the open sessions of the caller, the last used first. Who may call: user. */
  SessionsResponse Sessions(1: SessionsRequest request) throws (1: failure.Failure failure)

  /** Ends a session of the caller; takes effect within seconds. Who may call: user. */
  EndSessionResponse EndSession(1: EndSessionRequest request) throws (1: failure.Failure failure)

  /** Ends all other sessions of the caller. Who may call: user. */
  EndOthersResponse EndOthers(1: EndOthersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SessionResponse Session(1: SessionRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SignEntryResponse SignEntry(1: SignEntryRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  StandingResponse Standing(1: StandingRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  EndedSessionsResponse EndedSessions(1: EndedSessionsRequest request) throws (1: failure.Failure failure)

  /** Proves again who the caller is, for acts that need a fresh sign-in. Who may call: user. */
  ConfirmResponse Confirm(1: ConfirmRequest request) throws (1: failure.Failure failure)

  /** The same as `POST /api/v1/users/logout`. Who may call: user. */
  SignOutResponse SignOut(1: SignOutRequest request) throws (1: failure.Failure failure)

  /** Describes the token of the caller: its account, its end, and what the account proved at its sign-in. Who may call: user. */
  VerifyResponse Verify(1: VerifyRequest request) throws (1: failure.Failure failure)

  /** Changes the password of the caller and ends all other sessions. Who may call: user. */
  ChangePasswordResponse ChangePassword(1: ChangePasswordRequest request) throws (1: failure.Failure failure)

  /** Sets a new password with a reset link, which is valid once and for an hour; ends all sessions. Who may call: public. */
  ResetPasswordResponse ResetPassword(1: ResetPasswordRequest request) throws (1: failure.Failure failure)

  /** The same as `POST /api/v1/auth/password/reset`, for clients that were written before it. Who may call: public. */
  ResetResponse Reset(1: ResetRequest request) throws (1: failure.Failure failure)

  /** Sends a link for a new password to a verified address; answers the same whether an account has the address or none. Who may call: public. */
  ForgotPasswordResponse ForgotPassword(1: ForgotPasswordRequest request) throws (1: failure.Failure failure)

  /** Returns the e-mail address of the caller, and whether it is verified. Who may call: user. */
  EmailResponse Email(1: EmailRequest request) throws (1: failure.Failure failure)

  /** Sends the link that verifies the address of the caller again; earlier links stop working. Who may call: user. */
  SendVerificationResponse SendVerification(1: SendVerificationRequest request) throws (1: failure.Failure failure)

  /** Verifies an e-mail address with the link that was sent to it, which is valid once and for two days. Who may call: public. */
  VerifyEmailResponse VerifyEmail(1: VerifyEmailRequest request) throws (1: failure.Failure failure)

  /** Changes the e-mail address of the caller by the rules of a sign-up; an empty one removes it. A verified earlier one gets a link that undoes the change for seven days. Who may call: user. */
  SetEmailResponse SetEmail(1: SetEmailRequest request) throws (1: failure.Failure failure)

  /** Restores the earlier e-mail address with the link that was sent to it, and ends all sessions. Who may call: public. */
  UndoEmailResponse UndoEmail(1: UndoEmailRequest request) throws (1: failure.Failure failure)

  /** Lists the acts on the account of the caller that need attention, newest first; of the last 90 days. Who may call: user. */
  AlertsResponse Alerts(1: AlertsRequest request) throws (1: failure.Failure failure)

  /** Lists the personal tokens of the caller, the newest first. Who may call: user. */
  PersonalTokensResponse PersonalTokens(1: PersonalTokensRequest request) throws (1: failure.Failure failure)

  /** Makes a personal token, which is shown this once. It ends after `expires_in_days` (90); null is for instances that allow tokens without end. Who may call: user. */
  MakeTokenResponse MakeToken(1: MakeTokenRequest request) throws (1: failure.Failure failure)

  /** Changes the name of a personal token of the caller. Who may call: user. */
  RenameTokenResponse RenameToken(1: RenameTokenRequest request) throws (1: failure.Failure failure)

  /** Ends a personal token of the caller within ten seconds, with the sessions that it opened in compatible APIs. Who may call: user. */
  EndTokenResponse EndToken(1: EndTokenRequest request) throws (1: failure.Failure failure)

  /** Makes an invitation to sign up, whose code is shown this once. Moderators may, and everybody where users may invite; `skips_approval` is for moderators. Who may call: user. */
  InviteResponse Invite(1: InviteRequest request) throws (1: failure.Failure failure)

  /** Lists invitations that are open or were used, with the accounts that they made, the newest first: those of the caller, and all of them for moderators. Who may call: user. */
  InvitationsResponse Invitations(1: InvitationsRequest request) throws (1: failure.Failure failure)

  /** Ends an invitation of the caller, or any for moderators. The accounts that it made stay. Who may call: user. */
  EndInvitationResponse EndInvitation(1: EndInvitationRequest request) throws (1: failure.Failure failure)

  /** Says whether one can sign up with a code, and by whom it was made. Who may call: public. */
  CheckInvitationResponse CheckInvitation(1: CheckInvitationRequest request) throws (1: failure.Failure failure)

  /** Creates an account and signs in. Who may call: public. */
  RegisterResponse Register(1: RegisterRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RegisterForResponse RegisterFor(1: RegisterForRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  EnsureResponse Ensure(1: EnsureRequest request) throws (1: failure.Failure failure)

  /** Returns how people sign up. Who may call: admin. */
  RegistrationResponse Registration(1: RegistrationRequest request) throws (1: failure.Failure failure)

  /** Sets how people sign up, which overrides the configuration; fields that are left out stay. `email: required` needs a mail server. Who may call: admin. */
  SetRegistrationResponse SetRegistration(1: SetRegistrationRequest request) throws (1: failure.Failure failure)

  /** Lists accounts, newest first; `q` matches parts of names and e-mail addresses. Who may call: moderator. */
  AccountsResponse Accounts(1: AccountsRequest request) throws (1: failure.Failure failure)

  /** Sets the role of an account. Who may call: admin. */
  SetRoleResponse SetRole(1: SetRoleRequest request) throws (1: failure.Failure failure)

  /** Approves a pending account. Who may call: moderator. */
  AdmitResponse Admit(1: AdmitRequest request) throws (1: failure.Failure failure)

  /** Creates a link to set a new password: `/reset#<token>`, valid once and for an hour. Who may call: admin. */
  ResetLinkResponse ResetLink(1: ResetLinkRequest request) throws (1: failure.Failure failure)

  /** Deletes an account permanently, with all its data. Who may call: admin. */
  RemoveAccountResponse RemoveAccount(1: RemoveAccountRequest request) throws (1: failure.Failure failure)

  /** Lists deleted accounts, latest first, and which services have confirmed that nothing of them is left. Who may call: admin. */
  DeletionsResponse Deletions(1: DeletionsRequest request) throws (1: failure.Failure failure)

  /** Rejects a pending account, and deletes it with all its data. A message is mailed to its address. Who may call: moderator. */
  RejectResponse Reject(1: RejectRequest request) throws (1: failure.Failure failure)

  /** Lists the ways in which the caller can sign in. Who may call: user. */
  FactorsResponse Factors(1: FactorsRequest request) throws (1: failure.Failure failure)

  /** Makes the secret for an authenticator app, which replaces one that was not confirmed; it does nothing yet. Who may call: user. */
  AddTotpResponse AddTotp(1: AddTotpRequest request) throws (1: failure.Failure failure)

  /** Switches the authenticator app on with a code of it; returns recovery codes with the first second factor. Who may call: user. */
  ConfirmTotpResponse ConfirmTotp(1: ConfirmTotpRequest request) throws (1: failure.Failure failure)

  /** Switches the authenticator app off. Who may call: user. */
  RemoveTotpResponse RemoveTotp(1: RemoveTotpRequest request) throws (1: failure.Failure failure)

  /** Makes ten new recovery codes; the earlier ones end. Who may call: user. */
  RenewRecoveryCodesResponse RenewRecoveryCodes(1: RenewRecoveryCodesRequest request) throws (1: failure.Failure failure)

  /** Removes all second factors of an account whose owner has lost them; its owner is alerted. Who may call: admin. */
  RemoveFactorsResponse RemoveFactors(1: RemoveFactorsRequest request) throws (1: failure.Failure failure)

  /** Returns the options by which a browser makes a passkey; they do nothing yet. Who may call: user. */
  BeginPasskeyResponse BeginPasskey(1: BeginPasskeyRequest request) throws (1: failure.Failure failure)

  /** Adds a passkey that was made with creation options; returns recovery codes with the first second factor. Who may call: user. */
  AddPasskeyResponse AddPasskey(1: AddPasskeyRequest request) throws (1: failure.Failure failure)

  /** Changes the name of a passkey of the caller. Who may call: user. */
  RenamePasskeyResponse RenamePasskey(1: RenamePasskeyRequest request) throws (1: failure.Failure failure)

  /** Removes a passkey of the caller, unless nothing else would open the account. Who may call: user. */
  RemovePasskeyResponse RemovePasskey(1: RemovePasskeyRequest request) throws (1: failure.Failure failure)

  /** Returns the options by which a browser uses a passkey. They are the same for everybody, unless a `ticket` continues a sign-in: then they name the passkeys of its account. Who may call: public. */
  PasskeyOptionsResponse PasskeyOptions(1: PasskeyOptionsRequest request) throws (1: failure.Failure failure)

  /** Returns a puzzle that a sign-up has to solve, once: the least `nonce` of 0 and above for which the SHA-256 of `puzzle:nonce` begins with `bits` zero bits. Null where there is none. Who may call: public. */
  WorkResponse Work(1: WorkRequest request) throws (1: failure.Failure failure)

  /** Lists the chains that wallets sign in on and that gates ask, and whether each can be asked. Who may call: public. */
  ChainsResponse Chains(1: ChainsRequest request) throws (1: failure.Failure failure)

  /** Lists the chains with their endpoints, as the answering process sees them: faults, errors and latency. Who may call: admin. */
  ChainDetailsResponse ChainDetails(1: ChainDetailsRequest request) throws (1: failure.Failure failure)

  /** Says whether a wallet, or without `address` any wallet of the caller, holds a token; 30 times a minute. Answers are at most a minute old. Who may call: user. */
  VerifyHoldingResponse VerifyHolding(1: VerifyHoldingRequest request) throws (1: failure.Failure failure)

  /** Says whether the wallets of the caller hold a token, as `POST /api/v1/nft/verify` does. Who may call: user. */
  HoldingResponse Holding(1: HoldingRequest request) throws (1: failure.Failure failure)

  /** Says whether the wallets of the caller hold one token of a collection. Who may call: user. */
  TokenHoldingResponse TokenHolding(1: TokenHoldingRequest request) throws (1: failure.Failure failure)

  /** Writes the message that a wallet signs to prove itself, which is good once and for five minutes. `wallet` is another name of `address`. Who may call: public. */
  ChallengeResponse Challenge(1: ChallengeRequest request) throws (1: failure.Failure failure)

  /** Lists the wallets that sign in to the account of the caller. Who may call: user. */
  WalletsResponse Wallets(1: WalletsRequest request) throws (1: failure.Failure failure)

  /** Changes the name of a wallet of the caller, or whether others see its address. Who may call: user. */
  ChangeWalletResponse ChangeWallet(1: ChangeWalletRequest request) throws (1: failure.Failure failure)

  /** Takes a wallet from the account of the caller. What it holds opens nothing for the account after ten seconds. Who may call: user. */
  UnlinkWalletResponse UnlinkWallet(1: UnlinkWalletRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  HoldsResponse Holds(1: HoldsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  TermFaultsResponse TermFaults(1: TermFaultsRequest request) throws (1: failure.Failure failure)

  /** Signs in with a wallet that signed a challenge; one that nobody has makes an account, as far as people may sign up. With `purpose: link` it is linked to the account of the caller, after a fresh sign-in. Who may call: public. */
  LoginByWalletResponse LoginByWallet(1: LoginByWalletRequest request) throws (1: failure.Failure failure)

  /** Lists the ways in which people can sign in here. Who may call: public. */
  ProvidersResponse Providers(1: ProvidersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BeginProviderSignInResponse BeginProviderSignIn(1: BeginProviderSignInRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FinishProviderFlowResponse FinishProviderFlow(1: FinishProviderFlowRequest request) throws (1: failure.Failure failure)

  /** Begins to link a user of a provider to the account of the caller. The browser opens `url`, and comes back to `next`, with `#error=` and a code where it failed. Who may call: user. */
  LinkProviderResponse LinkProvider(1: LinkProviderRequest request) throws (1: failure.Failure failure)

  /** Begins to prove again who the caller is, at a provider that is linked to the account. The browser opens `url`, signs in there anew, and comes back to `next`. Who may call: user. */
  ConfirmByProviderResponse ConfirmByProvider(1: ConfirmByProviderRequest request) throws (1: failure.Failure failure)

  /** Takes the user of a provider from the account of the caller, and the role that the provider gave it. Who may call: user. */
  UnlinkProviderResponse UnlinkProvider(1: UnlinkProviderRequest request) throws (1: failure.Failure failure)

  /** Takes the second step of a sign-in, with the ticket of the first; five tries within five minutes. Who may call: public. */
  SecondFactorResponse SecondFactor(1: SecondFactorRequest request) throws (1: failure.Failure failure)

  /** Signs in with a passkey that verified its user, without a name and a second step. Who may call: public. */
  LoginByPasskeyResponse LoginByPasskey(1: LoginByPasskeyRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  LoginForResponse LoginFor(1: LoginForRequest request) throws (1: failure.Failure failure)

  /** Deletes the account of the caller permanently, with all its data. `password` is needed where the account has one. Who may call: user. */
  DeleteAccountResponse DeleteAccount(1: DeleteAccountRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  KeysResponse Keys(1: KeysRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SourceSaltResponse SourceSalt(1: SourceSaltRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  AccountResponse Account(1: AccountRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RecordExportResponse RecordExport(1: RecordExportRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  MailRecipientsResponse MailRecipients(1: MailRecipientsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  SendLettersResponse SendLetters(1: SendLettersRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  GrowthResponse Growth(1: GrowthRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BatchResponse Batch(1: BatchRequest request) throws (1: failure.Failure failure)

  /** Creates the first administrator, with the one-time link printed at start. Who may call: public. */
  ClaimResponse Claim(1: ClaimRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  InstanceResponse Instance(1: InstanceRequest request) throws (1: failure.Failure failure)

  /** Adds the demo content: drawn clips of several users, with comments and views. Does nothing where there was any before. Who may call: admin. */
  AddDemoResponse AddDemo(1: AddDemoRequest request) throws (1: failure.Failure failure)

  /** Removes the demo content: its users with all their data. Who may call: admin. */
  RemoveDemoResponse RemoveDemo(1: RemoveDemoRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  FirstRunLinkResponse FirstRunLink(1: FirstRunLinkRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RequestDemoResponse RequestDemo(1: RequestDemoRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RemoveResponse Remove(1: RemoveRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  BlocklistCopyResponse BlocklistCopy(1: BlocklistCopyRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeadJobsResponse DeadJobs(1: DeadJobsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RetryJobResponse RetryJob(1: RetryJobRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DiscardJobResponse DiscardJob(1: DiscardJobRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DeadEventsResponse DeadEvents(1: DeadEventsRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  RetryEventResponse RetryEvent(1: RetryEventRequest request) throws (1: failure.Failure failure)

  /** Who may call: service. */
  DiscardEventResponse DiscardEvent(1: DiscardEventRequest request) throws (1: failure.Failure failure)
}
