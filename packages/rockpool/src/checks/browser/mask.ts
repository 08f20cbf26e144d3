/** Fields whose content nobody should see: a picture shows a plain box in their place. */
export const sensitiveFields = [
  'input[type=password]',
  '[autocomplete^="cc-" i]',
  '[autocomplete*="password" i]',
  '[autocomplete="one-time-code" i]',
  ...['card', 'cvv', 'cvc', 'password', 'passcode', 'secret', 'token', 'iban', 'ssn', 'otp'].flatMap((word) =>
    ['name', 'id'].flatMap((attribute) =>
      ['input', 'textarea'].map((tag) => `${tag}[${attribute}*="${word}" i]`),
    ),
  ),
  'input[name="number" i]',
].join(', ')
