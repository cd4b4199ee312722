// Made by `npm run generate`.
namespace * kinora

/** Every failure of a call: its stable code for programs, a sentence for people, and its details as JSON. */
exception Failure {
  1: string code
  2: string message
  3: bool retryable
  4: string details
}
