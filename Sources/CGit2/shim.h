#include <git2.h>

/* Swift can't call a function of variable arguments. */
static inline int git_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int git_set_certificate_file(const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, path, NULL);
}
