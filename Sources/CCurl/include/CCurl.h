/* libcurl, loaded when it is first used: a process that sends nothing does without it and the 25
   libraries it brings along. */
#ifndef STEAD_CCURL_H
#define STEAD_CCURL_H

#include <stddef.h>

/* What is to be sent, and where. Pointers are the caller's, and are read during the call only. */
typedef struct {
    const char *url;
    const void *body;
    size_t body_length;
    /* Null for the system's certificates. */
    const char *ca_file;
    /* Null for none. */
    const char *user;
    const char *password;
    /* For mail: its envelope. */
    const char *sender;
    const char *const *recipients;
    size_t recipient_count;
    /* For HTTP: whole lines. */
    const char *const *headers;
    size_t header_count;
    /* For mail: refuse to go on without TLS. */
    int requires_tls;
    long timeout_seconds;
    /* Not 0: stop as soon as may be. Asked about once a second, or oftener. */
    int (*is_stopped)(void *);
    void *context;
} ccurl_request;

typedef struct {
    /* 0 when the other side has answered. */
    int code;
    /* The answer's status. */
    long status;
    /* Why there is no answer; the words are libcurl's. */
    char message[256];
} ccurl_result;

/* Sends a request by HTTP or a mail by SMTP, as the URL says, and waits for the answer. */
ccurl_result ccurl_send(const ccurl_request *request);

/* Connects to `url`, http:// for plain TCP or https:// for TLS, sends the bytes as they are, waits
   until the other side's system has taken them, and closes the connection. */
ccurl_result ccurl_stream(const ccurl_request *request);

#endif
