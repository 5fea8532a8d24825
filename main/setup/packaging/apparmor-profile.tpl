abi <abi/4.0>,
include <tunables/global>

# Chromium's sandbox makes user namespaces; distributions that restrict them need to be told which binary may.
profile "${executable}" "/opt/${sanitizedProductName}/${executable}.bin" flags=(unconfined) {
  userns,

  include if exists <local/${executable}>
}
