#include "CCurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

/* What is used of the library. */
static struct {
    CURLcode (*global_init)(long);
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    CURLcode (*send)(CURL *, const void *, size_t, size_t *);
    CURLcode (*recv)(CURL *, void *, size_t, size_t *);
    void (*cleanup)(CURL *);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_all)(struct curl_slist *);
    const char *(*strerror)(CURLcode);
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded = 0;
static char load_message[256];

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(load_message, sizeof load_message,
                 "libcurl is not here (install libcurl4): %s", dlerror());
        return;
    }
    const struct {
        const char *name;
        void **place;
    } symbols[] = {
        {"curl_global_init", (void **)&curl.global_init},
        {"curl_easy_init", (void **)&curl.init},
        {"curl_easy_setopt", (void **)&curl.setopt},
        {"curl_easy_perform", (void **)&curl.perform},
        {"curl_easy_getinfo", (void **)&curl.getinfo},
        {"curl_easy_send", (void **)&curl.send},
        {"curl_easy_recv", (void **)&curl.recv},
        {"curl_easy_cleanup", (void **)&curl.cleanup},
        {"curl_slist_append", (void **)&curl.append},
        {"curl_slist_free_all", (void **)&curl.free_all},
        {"curl_easy_strerror", (void **)&curl.strerror},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        *symbols[i].place = dlsym(library, symbols[i].name);
        if (*symbols[i].place == NULL) {
            snprintf(load_message, sizeof load_message, "libcurl lacks %s", symbols[i].name);
            return;
        }
    }
    is_loaded = curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!is_loaded) snprintf(load_message, sizeof load_message, "libcurl can't be started");
}

/* A connection that breaks while TLS writes must not end the process: SIGPIPE stays blocked for the
   call, and one that came is taken away. */
typedef struct {
    sigset_t before;
    int was_pending;
} quiet;

static sigset_t pipe_set(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

static quiet hush(void) {
    quiet state;
    sigset_t set = pipe_set(), pending;
    sigpending(&pending);
    state.was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, &state.before);
    return state;
}

static void unhush(quiet state) {
    sigset_t set = pipe_set();
    const struct timespec none = {0, 0};
    if (!state.was_pending) sigtimedwait(&set, NULL, &none);
    pthread_sigmask(SIG_SETMASK, &state.before, NULL);
}

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static int progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const ccurl_request *request = context;
    (void)a, (void)b, (void)c, (void)d;
    return request->is_stopped != NULL && request->is_stopped(request->context);
}

/* The part of the mail that has not been read yet. */
typedef struct {
    const char *rest;
    size_t length;
} source;

static size_t read_source(char *buffer, size_t size, size_t count, void *context) {
    source *from = context;
    size_t length = size * count < from->length ? size * count : from->length;
    memcpy(buffer, from->rest, length);
    from->rest += length;
    from->length -= length;
    return length;
}

static void set_common(CURL *handle, const ccurl_request *request, char *message) {
    curl.setopt(handle, CURLOPT_URL, request->url);
    curl.setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.setopt(handle, CURLOPT_ERRORBUFFER, message);
    curl.setopt(handle, CURLOPT_CONNECTTIMEOUT, 10L);
    curl.setopt(handle, CURLOPT_TIMEOUT, request->timeout_seconds);
    curl.setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (request->ca_file != NULL) curl.setopt(handle, CURLOPT_CAINFO, request->ca_file);
    curl.setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl.setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    curl.setopt(handle, CURLOPT_XFERINFODATA, (void *)request);
    curl.setopt(handle, CURLOPT_WRITEFUNCTION, discard);
}

static struct curl_slist *list(const char *const *words, size_t count) {
    struct curl_slist *result = NULL;
    for (size_t i = 0; i < count; i++) result = curl.append(result, words[i]);
    return result;
}

static void set_mail(CURL *handle, const ccurl_request *request, struct curl_slist *to,
                     source *body) {
    curl.setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl.setopt(handle, CURLOPT_MAIL_FROM, request->sender);
    curl.setopt(handle, CURLOPT_MAIL_RCPT, to);
    curl.setopt(handle, CURLOPT_UPLOAD, 1L);
    curl.setopt(handle, CURLOPT_READFUNCTION, read_source);
    curl.setopt(handle, CURLOPT_READDATA, body);
    if (request->requires_tls) curl.setopt(handle, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (request->password != NULL) {
        curl.setopt(handle, CURLOPT_USERNAME, request->user);
        curl.setopt(handle, CURLOPT_PASSWORD, request->password);
    }
}

static void set_post(CURL *handle, const ccurl_request *request, struct curl_slist *headers) {
    curl.setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.setopt(handle, CURLOPT_POST, 1L);
    curl.setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    curl.setopt(handle, CURLOPT_POSTFIELDS, request->body);
    curl.setopt(handle, CURLOPT_HTTPHEADER, headers);
}

static CURL *begin(ccurl_result *result) {
    memset(result, 0, sizeof *result);
    pthread_once(&once, load);
    CURL *handle = is_loaded ? curl.init() : NULL;
    if (handle == NULL) {
        result->code = -1;
        snprintf(result->message, sizeof result->message, "%s", load_message);
    }
    return handle;
}

static void finish(ccurl_result *result, CURLcode code) {
    result->code = (int)code;
    if (code != CURLE_OK && result->message[0] == 0)
        snprintf(result->message, sizeof result->message, "%s", curl.strerror(code));
}

ccurl_result ccurl_send(const ccurl_request *request) {
    ccurl_result result;
    CURL *handle = begin(&result);
    if (handle == NULL) return result;
    quiet state = hush();
    char message[CURL_ERROR_SIZE] = "";
    source body = {request->body, request->body_length};
    struct curl_slist *words = request->sender != NULL
                                   ? list(request->recipients, request->recipient_count)
                                   : list(request->headers, request->header_count);
    set_common(handle, request, message);
    if (request->sender != NULL)
        set_mail(handle, request, words, &body);
    else
        set_post(handle, request, words);
    CURLcode code = curl.perform(handle);
    snprintf(result.message, sizeof result.message, "%s", message);
    finish(&result, code);
    curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &result.status);
    curl.cleanup(handle);
    curl.free_all(words);
    unhush(state);
    return result;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Whether the connection has broken or been closed: nothing is ever said in this direction. */
static int is_closed(CURL *handle, curl_socket_t socket) {
    char byte[64];
    size_t count = 0;
    CURLcode code = curl.recv(handle, byte, sizeof byte, &count);
    if (code == CURLE_OK && count == 0) return 1;
    if (code != CURLE_OK && code != CURLE_AGAIN) return 1;
    int problem = 0;
    socklen_t length = sizeof problem;
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &length);
    return problem != 0;
}

/* Sends all of it, then waits until the other side's system has acknowledged every byte: until then
   a connection that breaks may have lost some. */
static CURLcode push(CURL *handle, const ccurl_request *request, curl_socket_t socket) {
    const char *bytes = request->body;
    size_t rest = request->body_length;
    double end = seconds() + (double)request->timeout_seconds;
    while (seconds() < end && !progress((void *)request, 0, 0, 0, 0)) {
        if (rest > 0) {
            size_t count = 0;
            CURLcode code = curl.send(handle, bytes, rest, &count);
            if (code != CURLE_OK && code != CURLE_AGAIN) return code;
            bytes += count;
            rest -= count;
            if (count > 0) continue;
        }
        if (is_closed(handle, socket)) return CURLE_SEND_ERROR;
        if (rest == 0) {
            int queued = 0;
            if (ioctl(socket, SIOCOUTQ, &queued) != 0) return CURLE_SEND_ERROR;
            if (queued == 0) return is_closed(handle, socket) ? CURLE_SEND_ERROR : CURLE_OK;
        }
        struct pollfd wait = {socket, rest > 0 ? POLLOUT : 0, 0};
        poll(&wait, 1, rest > 0 ? 500 : 20);
    }
    return CURLE_OPERATION_TIMEDOUT;
}

ccurl_result ccurl_stream(const ccurl_request *request) {
    ccurl_result result;
    CURL *handle = begin(&result);
    if (handle == NULL) return result;
    quiet state = hush();
    char message[CURL_ERROR_SIZE] = "";
    set_common(handle, request, message);
    curl.setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.setopt(handle, CURLOPT_PROXY, "");
    curl.setopt(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl.setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    CURLcode code = curl.perform(handle);
    if (code == CURLE_OK) {
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl.getinfo(handle, CURLINFO_ACTIVESOCKET, &socket);
        code = socket == CURL_SOCKET_BAD ? CURLE_SEND_ERROR : push(handle, request, socket);
    }
    snprintf(result.message, sizeof result.message, "%s", message);
    finish(&result, code);
    curl.cleanup(handle);
    unhush(state);
    return result;
}
