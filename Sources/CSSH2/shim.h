#include <libssh2.h>
#include <stdint.h>

/* From openssl/crypto.h, of which nothing else is needed. */
int OPENSSL_init_crypto(uint64_t options, const void *settings);
